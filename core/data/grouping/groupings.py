"""Numberings that say which images belong together, and how several become one."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def join_groupings(*groupings: Sequence[object]) -> NDArray[np.int64]:
    """Make one grouping of several: what any of them holds together stays together.

    So do images that are linked through others: of one site in the first grouping, copies
    of one another in the second.

    Args:
        groupings: Each has a value for each image; equal values mean one group.

    Returns:
        A group number for each image, counted from 0 in the order of first appearance.
    """
    joined, *others = (numbered(grouping) for grouping in groupings)
    for other in others:
        links = np.stack([joined[first_positions(other)][other], joined], axis=1)
        smallest = np.arange(len(joined))
        for members in connected(links[links[:, 0] != links[:, 1]]):
            smallest[members] = min(members)
        joined = numbered(smallest[joined].tolist())
    return joined


def numbered(values: Sequence[object]) -> NDArray[np.int64]:
    """The same number for equal values, from 0 in the order of first appearance."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.int64)


def first_positions(numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where each number, from 0 without gaps, appears first."""
    return np.unique(numbers, return_index=True)[1]


def connected(pairs: NDArray[np.int64]) -> list[list[int]]:
    """Sets of positions that pairs link, directly or through others."""
    parent: dict[int, int] = {}

    def root(member: int) -> int:
        while parent.setdefault(member, member) != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for first, second in pairs.tolist():
        parent[root(first)] = root(second)
    sets: defaultdict[int, list[int]] = defaultdict(list)
    for member in sorted(parent):
        sets[root(member)].append(member)
    return list(sets.values())
