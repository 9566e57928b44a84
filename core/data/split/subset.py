"""Leave out training images, to see what fewer of them would bring."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Split
from core.data.grouping.groupings import join_groupings
from core.data.split.units import split_units


def within_limit(
    *,
    class_indices: Sequence[int],
    sha256s: Sequence[bytes],
    groups: Sequence[int],
    splits: Sequence[Split],
    limit: int,
    seed: int,
) -> NDArray[np.bool_]:
    """Choose the images that take part if no class may train on more than a number of them.

    Of each class the first groups in the order of a hash of the seed and their content are kept,
    so a smaller limit keeps images that a larger one keeps too. Validation and test stay whole.

    Args:
        class_indices: Class of each image.
        sha256s: SHA-256 of each image's content.
        groups: Near duplicates have equal numbers. They are kept or left out together, so that
            a class may stay below the limit; only of a group that alone exceeds it a part is kept.
        splits: As assigned, of all images.
        limit: Largest number of training images of a class, at least 1.
        seed: Another seed chooses other images.

    Returns:
        For each image whether it takes part, shape `(num_images,)`.
    """
    kept = np.ones(len(splits), bool)
    rows = [row for row, split in enumerate(splits) if split is Split.TRAINING]
    classes = np.asarray(class_indices, np.int64)[rows]
    unit_of = split_units(classes, _names(rows, sha256s, groups), seed).unit_of.tolist()
    units: dict[int, dict[int, list[int]]] = {}
    for row, index, unit in zip(rows, classes.tolist(), unit_of, strict=True):
        units.setdefault(index, {}).setdefault(unit, []).append(row)
    for of_class in units.values():
        kept[_beyond([of_class[unit] for unit in sorted(of_class)], sha256s, limit)] = False
    return kept


def _names(rows: Sequence[int], sha256s: Sequence[bytes], groups: Sequence[int]) -> list[bytes]:
    """Return for each row the smallest hash of its group, by which `split_units` knows it."""
    joined = join_groupings([groups[row] for row in rows], [sha256s[row] for row in rows]).tolist()
    smallest: dict[int, bytes] = {}
    for group, row in zip(joined, rows, strict=True):
        smallest[group] = min(smallest.get(group, sha256s[row]), sha256s[row])
    return [smallest[group] for group in joined]


def _beyond(units: Sequence[list[int]], sha256s: Sequence[bytes], limit: int) -> list[int]:
    """Return the rows of a class that are too many.

    Args:
        units: Its groups, in order.
    """
    if len(units[0]) > limit:
        first = sorted(units[0], key=lambda row: sha256s[row])
        return [*first[limit:], *(row for unit in units[1:] for row in unit)]
    num_kept, position = 0, 0
    while position < len(units) and num_kept + len(units[position]) <= limit:
        num_kept += len(units[position])
        position += 1
    return [row for unit in units[position:] for row in unit]
