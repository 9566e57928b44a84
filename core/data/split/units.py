"""What a split divides: groups of images in an order that their content and a seed decide."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SplitUnits:
    """Groups of images that stay together, in an order like a shuffled pack of cards.

    Attributes:
        parts: For each group the classes of its images and how many it has of each.
        draws: A number in (0, 1) for each group, independent of its place in the order.
        unit_of: Index of the group of each image.
    """

    parts: list[tuple[tuple[int, int], ...]]
    draws: NDArray[np.float64]
    unit_of: NDArray[np.int64]


class SplitOrder:
    """The order in which a split takes groups of images.

    Args:
        seed: Another seed makes another order.
    """

    def __init__(self, seed: int) -> None:
        self._key = hashlib.sha256(str(seed).encode()).digest()

    def digest(self, name: bytes) -> bytes:
        """Return 16 bytes, by which groups are ordered."""
        return hashlib.blake2b(name, key=self._key, digest_size=16).digest()

    def place(self, name: bytes) -> float:
        """Return where in the order a group is, in [0, 1), evenly distributed."""
        return int.from_bytes(self.digest(name)[:8]) / 2**64


def split_units(class_indices: NDArray[np.int64], names: Sequence[bytes], seed: int) -> SplitUnits:
    """Order the groups by a hash of the seed and their names.

    Args:
        class_indices: Class of each image.
        names: For each image what its group is known by, whatever the other images are:
            its smallest SHA-256.
        seed: Another seed makes another order.
    """
    split_order = SplitOrder(seed)
    numbers: dict[bytes, int] = {}
    group_of = np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)
    hashes = b"".join(split_order.digest(name) for name in numbers)
    table = np.frombuffer(hashes, ">u8").reshape(-1, 2)
    order = np.lexsort((table[:, 1], table[:, 0]))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    unit_of = place[group_of]
    draws = ((table[order, 1] >> np.uint64(12)) + 0.5) / 2**52
    return SplitUnits(_parts(unit_of, class_indices, len(order)), draws, unit_of)


def _parts(
    unit_of: NDArray[np.int64], class_indices: NDArray[np.int64], num_units: int
) -> list[tuple[tuple[int, int], ...]]:
    num_classes = int(class_indices.max(initial=0)) + 1
    pairs, counts = np.unique(unit_of * num_classes + class_indices, return_counts=True)
    parts: list[tuple[tuple[int, int], ...]] = [()] * num_units
    # Most groups are one image: they share their class's tuple, which saves 100 bytes each.
    shared: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
    units, classes = (column.tolist() for column in np.divmod(pairs, num_classes))
    for unit, part in zip(units, zip(classes, counts.tolist(), strict=True), strict=True):
        single = shared.setdefault(part, (part,))
        parts[unit] = parts[unit] + single if parts[unit] else single
    return parts
