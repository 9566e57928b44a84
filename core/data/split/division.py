"""The groups of images in each split, and moves that bring the splits nearer their quotas."""

from collections.abc import Mapping, Sequence

from core.data.dataset import Split


class SplitDivision:
    """The split of each group; at first all train.

    Args:
        parts: For each group its classes and how many images it has of each.
        quotas: For each split to be filled, how many images of each class it should get.
        num_classes: Number of classes.
    """

    def __init__(
        self,
        parts: Sequence[tuple[tuple[int, int], ...]],
        quotas: Mapping[Split, Sequence[int]],
        num_classes: int,
    ) -> None:
        self.parts = parts
        self.split_of = [Split.TRAINING] * len(parts)
        self.num_groups = {split: [0] * num_classes for split in (*quotas, Split.TRAINING)}
        for part in parts:
            for index, _ in part:
                self.num_groups[Split.TRAINING][index] += 1
        # Negative where a split has too many.
        self._missing = {split: list(quota) for split, quota in quotas.items()}

    def fill(self, split: Split, order: Sequence[int]) -> None:
        """Take groups out of training until each class's count is as near its quota as possible.

        In order, each group that fits is taken; where each is one image, these are the first
        of each class, and nothing is left to do. Then those follow that do not fit, but bring
        the split nearer its quotas, and those that thereby became superfluous go back. Near is
        the sum over classes of the distance in images. No move takes
        the last group of a class out of a split.
        """
        self._take(split, order, must_fit=True)
        has_moved = True
        while has_moved:
            self._take(split, order, must_fit=False)
            has_moved = self._drop(split, order)

    def _take(self, split: Split, order: Sequence[int], *, must_fit: bool) -> None:
        missing = self._missing[split]
        wanting = {index for index, count in enumerate(missing) if count > 0}
        for unit in order:
            if not wanting:
                return
            if self.split_of[unit] is not Split.TRAINING:
                continue
            part = self.parts[unit]
            if must_fit:
                helps = all(count <= missing[index] for index, count in part)
            else:
                helps = self.price(unit, split) < 0
            if helps and not self.lost_by(unit):
                self.move(unit, split)
                wanting.difference_update(index for index, _ in part if missing[index] <= 0)

    def _drop(self, split: Split, order: Sequence[int]) -> bool:
        """Return superfluous groups, the last first, and say whether there were any."""
        has_dropped = False
        for unit in [unit for unit in reversed(order) if self.split_of[unit] is split]:
            if self.price(unit, Split.TRAINING) < 0 and not self.lost_by(unit):
                self.move(unit, Split.TRAINING)
                has_dropped = True
        return has_dropped

    def move(self, unit: int, split: Split) -> None:
        """Put a group into another split."""
        source = self.split_of[unit]
        for index, count in self.parts[unit]:
            self.num_groups[source][index] -= 1
            self.num_groups[split][index] += 1
            if source in self._missing:
                self._missing[source][index] += count
            if split in self._missing:
                self._missing[split][index] -= count
        self.split_of[unit] = split

    def price(self, unit: int, split: Split) -> int:
        """Return by how many images a move takes the splits away from their quotas."""
        price = 0
        for of_split, sign in ((self.split_of[unit], 1), (split, -1)):
            missing = self._missing.get(of_split)
            if missing is not None:
                for index, count in self.parts[unit]:
                    price += abs(missing[index] + sign * count) - abs(missing[index])
        return price

    def lost_by(self, unit: int) -> list[int]:
        """Return the classes of which a group is the last one in its split."""
        num_groups = self.num_groups[self.split_of[unit]]
        return [index for index, _ in self.parts[unit] if num_groups[index] == 1]
