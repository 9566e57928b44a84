"""The parts of a feature vector in TensorFlow's graphs."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

# The root of less is that of this: its slope has to stay a number.
_SMALLEST = 1e-12


def join_parts(parts: Sequence[Any], roots: Sequence[bool]) -> Any:
    """Join the parts of feature vectors, float32 `(batch, feature_dim)`.

    Args:
        parts: float32 `(batch, width)` each.
        roots: For each part whether its square root is taken; see `FeatureScaling`.
    """
    taken = [
        tf.sqrt(tf.maximum(part, _SMALLEST)) if takes_root else part
        for part, takes_root in zip(parts, roots, strict=True)
    ]
    return taken[0] if len(taken) == 1 else tf.concat(taken, 1)
