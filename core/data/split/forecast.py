"""Tell which images will train before all contents are known, as a split must know them."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from core.data.dataset import Split
from core.data.split.units import SplitOrder

# Standard deviations. The border of a class lies farther from its expected place about once in
# 30,000 classes.
_MARGIN = 4.0


class TrainingForecast:
    """Says of an image whether it will be in the training split; "no" may mean "not surely".

    `assign_splits` lets the first images of each class test and the last ones validate, in the
    order of a hash. Of `n` images drawn from that order the border lies at the fraction, give or
    take `sqrt(fraction * (1 - fraction) / n)`; images that are too near to either are left out.

    Args:
        class_indices: Class of each image.
        given: Prepared split of each image, None if it has none.
        validation_split: See `assign_splits`.
        test_split: See `assign_splits`.
        seed: See `assign_splits`.
    """

    def __init__(
        self,
        class_indices: Sequence[int],
        given: Sequence[Split | None],
        *,
        validation_split: float,
        test_split: float,
        seed: int,
    ) -> None:
        fractions = {Split.TEST: test_split, Split.VALIDATION: validation_split}
        wanted = {s: 0.0 if s in given else fraction for s, fraction in fractions.items()}
        self._class_indices, self._given = class_indices, given
        self._order = SplitOrder(seed)
        sizes = Counter(
            index
            for index, split in zip(class_indices, given, strict=True)
            if split is None or split is Split.TRAINING
        )
        self._bounds = {index: _bounds(size, wanted) for index, size in sizes.items()}

    def will_train(self, position: int, name: bytes) -> bool:
        """Return whether an image will surely train.

        Args:
            position: Of the image.
            name: Smallest SHA-256 of the images that it stays together with, as far as known.
        """
        if self._given[position] not in (None, Split.TRAINING):
            return False
        first, last = self._bounds[self._class_indices[position]]
        return first < self._order.place(name) < last


def _bounds(size: int, fractions: Mapping[Split, float]) -> tuple[float, float]:
    """Return the places in [0, 1] between which images of a class surely train."""
    widths = {
        split: fraction + 1 / size + _MARGIN * math.sqrt(fraction * (1 - fraction) / size)
        if fraction
        else 0.0
        for split, fraction in fractions.items()
    }
    return widths[Split.TEST], 1 - widths[Split.VALIDATION]
