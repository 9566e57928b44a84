"""The range of an axis that a few outliers don't ruin."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Fewer say nothing about which of them is the odd one.
_FEWEST_VALUES = 5
_FRACTION_OUTSIDE = 0.05
# The first epochs of most runs are above the others by less than this many times their spread.
_FACTOR = 6.0


@dataclass(frozen=True, slots=True)
class PlotRange:
    """What an axis shows.

    Attributes:
        low: The lower end.
        high: The upper end, the largest value that is no outlier.
        num_above: Values above it.
        largest: The largest value.
    """

    low: float
    high: float
    num_above: int
    largest: float


def range_without_outliers(values: NDArray[np.float64]) -> PlotRange | None:
    """Return the range of all but a few values that are far above them; None if none are.

    At most 5% of the values, but always one, may lie outside.
    """
    finite = np.sort(values[np.isfinite(values)])
    if finite.size < _FEWEST_VALUES:
        return None
    num_outside = max(1, int(_FRACTION_OUTSIDE * finite.size))
    low, bulk, largest = (float(finite[place]) for place in (0, -1 - num_outside, -1))
    limit = low + _FACTOR * (bulk - low)
    if bulk <= low or largest <= limit:
        return None
    above = finite > limit
    return PlotRange(low, float(finite[~above][-1]), int(above.sum()), largest)
