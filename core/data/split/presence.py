"""Ensure that each class is in each split, although only whole groups can move."""

from collections import defaultdict
from typing import assert_never

from core.data.dataset import Split
from core.data.split.division import SplitDivision

# A chain of moves longer than this, or a search wider than this, is not tried.
_MAX_CHAIN = 4
_MAX_MOVES = 20_000


class SplitPresence:
    """Brings classes into splits in which they have no group.

    Args:
        division: The division to change.
    """

    def __init__(self, division: SplitDivision) -> None:
        self._division = division
        self._groups: defaultdict[int, list[int]] = defaultdict(list)
        for unit, parts in enumerate(division.parts):
            for index, _ in parts:
                self._groups[index].append(unit)
        self._trail: list[tuple[int, Split]] = []
        self._moves_left = 0

    def bring(self, index: int, split: Split) -> bool:
        """Bring a class into a split and lose no class elsewhere.

        The group whose move costs least goes; of equals the nearest to the split's end of the
        order. Where each group is the last one of some class, others take its place in turn.

        Returns:
            Whether that succeeded; otherwise no group was moved.
        """
        self._trail.clear()
        self._moves_left = _MAX_MOVES
        return self._bring(index, split, _MAX_CHAIN)

    def _bring(self, index: int, split: Split, chain: int) -> bool:
        if self._division.num_groups[split][index]:
            return True
        for unit in self._candidates(index, split):
            lost = self._division.lost_by(unit)
            if self._moves_left == 0 or (lost and chain == 1):
                return False
            self._moves_left -= 1
            mark, source = len(self._trail), self._division.split_of[unit]
            self._trail.append((unit, source))
            self._division.move(unit, split)
            if all(self._bring(other, source, chain - 1) for other in lost):
                return True
            self._take_back(mark)
        return False

    def _candidates(self, index: int, split: Split) -> list[int]:
        division = self._division
        moved = {unit for unit, _ in self._trail}
        return sorted(
            (unit for unit in self._groups[index] if unit not in moved),
            key=lambda u: (
                len(division.lost_by(u)),
                division.price(u, split),
                self._distance(u, split),
                u,
            ),
        )

    def _distance(self, unit: int, split: Split) -> int:
        """Return how far a group is from the split's end of the order."""
        last = len(self._division.parts) - 1
        match split:
            case Split.TEST:
                return unit
            case Split.VALIDATION:
                return last - unit
            case Split.TRAINING:
                return abs(2 * unit - last)
            case _:
                assert_never(split)

    def _take_back(self, mark: int) -> None:
        for unit, source in reversed(self._trail[mark:]):
            self._division.move(unit, source)
        del self._trail[mark:]
