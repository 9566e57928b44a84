"""Which pictures train, validate and test: decided by content, so that adding moves none."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.data.dataset import Split
from core.data.trainable import too_few_message
from core.errors import DatasetError


@dataclass(slots=True, eq=False)
class _Unit:
    """Pictures that must stay together.

    Attributes:
        members: Their positions.
        classes: Class indices among them, nearly always one.
        place: In [0, 1), by content and seed alone; the ends become test and validation.
        split: Where they are at the moment.
    """

    members: list[int]
    classes: frozenset[int]
    place: float
    split: Split = Split.TRAINING


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
    """Put each picture into a split.

    A hash of the seed and a group's smallest SHA-256 decides, so a picture stays where it is
    when others come or go, whatever their order. Only where a class would be missing from
    a split, the group nearest to it moves there.

    Where splits are given, they are kept: undecided pictures train, and of the splits asked
    for only those that were not given at all are taken out of training.

    Args:
        class_indices: Class of each picture.
        sha256s: SHA-256 of each picture's content.
        groups: Pictures of equal number stay together; see `near_duplicate_groups`.
        given: Prepared split of each picture, `None` if it has none.
        validation_split: Share held out for validation, in (0, 1).
        test_split: Share held out for the test, in [0, 1); 0 asks for none.
        seed: Another seed gives another division.
        labels: Class names, for error messages.

    Returns:
        A split for each picture. The shares hold on average in each class; a class of ten
        may well have none or two of its pictures in a split of one tenth before the repair.

    Raises:
        DatasetError: If a class has too few different pictures to be in each split.
        ValueError: If the shares leave nothing to train on.
    """
    _check_shares(validation_split, test_split)
    wanted = {Split.TEST: test_split, Split.VALIDATION: validation_split}
    shares = {s: share for s, share in wanted.items() if share > 0 and s not in given}
    result = _settled(groups, given)
    units = _units(class_indices, sha256s, groups, result, seed)
    for unit in units:
        unit.split = _split_at(unit.place, shares)
    _repair(units, set(class_indices), shares, labels)
    for unit in units:
        for member in unit.members:
            result[member] = unit.split
    return [split for split in result if split]


def _check_shares(validation_split: float, test_split: float) -> None:
    if not 0 < validation_split < 1 or not 0 <= test_split < 1 - validation_split:
        raise ValueError(
            "`validation_split` must be in (0, 1), `test_split` in [0, 1), their sum below 1. "
            f"Received: validation_split={validation_split}, test_split={test_split}"
        )


def _settled(groups: Sequence[int], given: Sequence[Split | None]) -> list[Split | None]:
    """Given validation and test pictures, and undecided copies of them, stay as they are."""
    held_out: dict[int, Split] = {}
    for group, split in zip(groups, given, strict=True):
        if split in (Split.VALIDATION, Split.TEST) and split:
            held_out.setdefault(group, split)
    return [
        None if split is Split.TRAINING else split or held_out.get(group)
        for group, split in zip(groups, given, strict=True)
    ]


def _units(
    class_indices: Sequence[int],
    sha256s: Sequence[bytes],
    groups: Sequence[int],
    settled: Sequence[Split | None],
    seed: int,
) -> list[_Unit]:
    """The pictures that are not settled, by group, in the order of their places."""
    smallest: dict[int, bytes] = {}
    members: defaultdict[int, list[int]] = defaultdict(list)
    for position, (group, sha256) in enumerate(zip(groups, sha256s, strict=True)):
        smallest[group] = min(smallest.get(group, sha256), sha256)
        if settled[position] is None:
            members[group].append(position)
    key = hashlib.sha256(str(seed).encode()).digest()
    units = [
        _Unit(positions, frozenset(class_indices[p] for p in positions), _place(smallest[g], key))
        for g, positions in members.items()
    ]
    return sorted(units, key=lambda unit: (unit.place, unit.members))


def _place(sha256: bytes, key: bytes) -> float:
    digest = hashlib.blake2b(sha256, key=key, digest_size=7).digest()
    return (int.from_bytes(digest) >> 3) / 2**53


def _split_at(place: float, shares: Mapping[Split, float]) -> Split:
    # One end each, so that another test share moves no picture into or out of validation.
    if place < shares.get(Split.TEST, 0.0):
        return Split.TEST
    if place >= 1 - shares.get(Split.VALIDATION, 0.0):
        return Split.VALIDATION
    return Split.TRAINING


def _repair(
    units: Sequence[_Unit],
    classes: set[int],
    shares: Mapping[Split, float],
    labels: Sequence[str] | None,
) -> None:
    """Move single groups until each class is in each split that is decided here."""
    counts = Counter((unit.split, index) for unit in units for index in unit.classes)
    by_class: defaultdict[int, list[_Unit]] = defaultdict(list)
    for unit in units:
        for index in unit.classes:
            by_class[index].append(unit)
    for index in sorted(classes):
        for split in (*shares, Split.TRAINING):
            if counts[split, index]:
                continue
            nearest = _nearest(by_class[index], split, counts, shares)
            if nearest is None:
                label = labels[index] if labels else str(index)
                num_groups = len(by_class[index])
                message = too_few_message(label, num_groups, asks_for_test=Split.TEST in shares)
                raise DatasetError(message)
            counts.subtract((nearest.split, other) for other in nearest.classes)
            counts.update((split, other) for other in nearest.classes)
            nearest.split = split


def _nearest(
    units: Sequence[_Unit],
    split: Split,
    counts: Mapping[tuple[Split, int], int],
    shares: Mapping[Split, float],
) -> _Unit | None:
    """The group that can be spared where it is and lies nearest to a split's range."""
    low, high = {
        Split.TEST: (0.0, shares.get(Split.TEST, 0.0)),
        Split.VALIDATION: (1 - shares.get(Split.VALIDATION, 0.0), 1.0),
        Split.TRAINING: (shares.get(Split.TEST, 0.0), 1 - shares.get(Split.VALIDATION, 0.0)),
    }[split]
    spare = [u for u in units if all(counts[u.split, index] > 1 for index in u.classes)]
    return min(
        spare,
        key=lambda u: (
            len(u.classes),
            u.split is not Split.TRAINING,
            max(low - u.place, u.place - high),
        ),
        default=None,
    )
