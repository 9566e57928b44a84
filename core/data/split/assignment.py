"""Assign images to the splits: a fraction of each class, drawn by content and seed."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Split
from core.data.grouping.groupings import join_groupings
from core.data.scanning.trainable import too_few_message
from core.data.split.division import SplitDivision
from core.data.split.presence import SplitPresence
from core.data.split.quotas import split_quotas
from core.data.split.units import SplitUnits, split_units
from core.errors import DatasetError
from core.text import Text


def assign_splits(
    *,
    class_indices: Sequence[int],
    sha256s: Sequence[bytes],
    groups: Sequence[int],
    given: Sequence[Split | None],
    validation_split: float,
    test_split: float,
    seed: int,
    labels: Sequence[str] | None = None,
) -> list[Split]:
    """Put each image into a split.

    Groups are ordered by a hash of the seed and their smallest SHA-256. In each class the
    test split takes the first ones, the validation split the last ones, until they have::

        test:       max(1, floor(n * test_split + u))
        validation: max(1, floor(n * validation_split + 1 - u))

    of its `n` images. `u` is a number in (0, 1) drawn by the content of the class's first
    group, so of many small classes as many round up as the total needs, and test, validation
    and training each are less than one image from their fraction. Where that would leave a
    class no training image, the split with the larger excess gives one up.

    A group that would take the counts further from these numbers than leaving it out is
    skipped; see `SplitDivision.fill`. Among larger groups or groups of several classes the
    counts come as near as moving one group at a time brings them. A class that would be
    missing from a split gets its cheapest group there; see `SplitPresence`.

    Content, class, seed and the set of images decide, not their order. When others come,
    no rule that keeps exact fractions without knowing the earlier split lets fewer images enter
    or leave a split: those of the first that were there before were among the first then.

    Where splits are given, they are kept: undecided images train, and of the splits asked
    for only those that were not given at all are taken out of training.

    Args:
        class_indices: Class of each image, from 0.
        sha256s: SHA-256 of each image's content; images of equal content stay together.
        groups: Images of equal number stay together; see `near_duplicate_groups`, and
            `join_groupings` where there are several reasons to stay together.
        given: Prepared split of each image, `None` if it has none.
        validation_split: Share held out for validation, in (0, 1).
        test_split: Share held out for the test, in [0, 1); 0 asks for none.
        seed: Another seed makes another division.
        labels: Class names, for error messages.

    Returns:
        A split for each image.

    Raises:
        DatasetError: If a class has too few groups to be in each split, or if groups tie
            classes together so that not each of them can be.
        ValueError: If the fractions leave nothing to train on.
    """
    _check_fractions(validation_split, test_split)
    wanted = {Split.TEST: test_split, Split.VALIDATION: validation_split}
    fractions = {s: fraction for s, fraction in wanted.items() if fraction > 0 and s not in given}
    joined = join_groupings(groups, sha256s).tolist()
    result = _settled(joined, given)
    classes = np.asarray(class_indices, np.int64)
    positions = [position for position, split in enumerate(result) if split is None]
    names = _smallest(joined, sha256s)
    units = split_units(classes[positions], [names[joined[p]] for p in positions], seed)
    split_of = _divide(units, classes, classes[positions], fractions, labels)
    for position, unit in zip(positions, units.unit_of.tolist(), strict=True):
        result[position] = split_of[unit]
    return [split for split in result if split]


def _check_fractions(validation_split: float, test_split: float) -> None:
    if not 0 < validation_split < 1 or not 0 <= test_split < 1 - validation_split:
        raise ValueError(
            "`validation_split` must be in (0, 1), `test_split` in [0, 1), their sum below 1. "
            f"Received: validation_split={validation_split}, test_split={test_split}"
        )


def _settled(groups: Sequence[int], given: Sequence[Split | None]) -> list[Split | None]:
    """Given validation and test images, and undecided copies of them, stay as they are."""
    held_out: dict[int, Split] = {}
    for group, split in zip(groups, given, strict=True):
        # A copy of both a test and a validation image belongs to the test, in either order.
        if split is Split.TEST or (split is Split.VALIDATION and group not in held_out):
            held_out[group] = split
    return [
        None if split is Split.TRAINING else split or held_out.get(group)
        for group, split in zip(groups, given, strict=True)
    ]


def _smallest(groups: Sequence[int], sha256s: Sequence[bytes]) -> dict[int, bytes]:
    smallest: dict[int, bytes] = {}
    for group, sha256 in zip(groups, sha256s, strict=True):
        if sha256 < smallest.setdefault(group, sha256):
            smallest[group] = sha256
    return smallest


def _divide(
    units: SplitUnits,
    all_classes: NDArray[np.int64],
    classes: NDArray[np.int64],
    fractions: Mapping[Split, float],
    labels: Sequence[str] | None,
) -> list[Split]:
    """Assign a split to each group."""
    num_classes = int(all_classes.max(initial=-1)) + 1
    sizes = np.bincount(classes, minlength=num_classes).tolist()
    division = SplitDivision(units.parts, split_quotas(units, sizes, fractions), num_classes)
    present = np.unique(all_classes).tolist()
    for index in present:
        num_groups = division.num_groups[Split.TRAINING][index]
        if num_groups <= len(fractions):
            label = labels[index] if labels else str(index)
            message = too_few_message(label, num_groups, asks_for_test=Split.TEST in fractions)
            raise DatasetError(message)
    _fill(division, fractions)
    if _complete(division, present, labels):
        _fill(division, fractions)
    return division.split_of


def _fill(division: SplitDivision, fractions: Mapping[Split, float]) -> None:
    order = range(len(division.parts))
    # One end each, so that another test fraction moves no image into or out of validation.
    for split in fractions:
        division.fill(split, order if split is Split.TEST else order[::-1])


def _complete(
    division: SplitDivision, classes: Sequence[int], labels: Sequence[str] | None
) -> bool:
    """Bring each class into each split, and return whether any was missing."""
    missing = [
        (i, s) for i in classes for s, counts in division.num_groups.items() if not counts[i]
    ]
    if not missing:
        return False
    presence = SplitPresence(division)
    for index, split in missing:
        if not presence.bring(index, split):
            label = labels[index] if labels else str(index)
            raise DatasetError(
                Text(
                    "The pictures of the class “%1” can't be in every split: copies, which stay "
                    "together, tie them to those of other classes. Add pictures to it.",
                    label,
                )
            )
    return True
