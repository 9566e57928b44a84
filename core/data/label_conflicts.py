"""Pictures that are in two classes at once.

One of their labels is wrong, and nobody can know which.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def label_conflicts(sha256s: Sequence[bytes], class_indices: Sequence[int]) -> NDArray[np.int64]:
    """Find pictures whose content is in more than one class; training leaves them all out.

    Args:
        sha256s: SHA-256 of each picture's content.
        class_indices: Class of each picture.

    Returns:
        Positions, ascending.
    """
    first_class: dict[bytes, int] = {}
    torn: set[bytes] = set()
    for sha256, index in zip(sha256s, class_indices, strict=True):
        if first_class.setdefault(sha256, index) != index:
            torn.add(sha256)
    positions = [position for position, sha256 in enumerate(sha256s) if sha256 in torn]
    return np.array(positions, np.int64)
