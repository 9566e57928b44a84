"""The learning rate to train with, from the losses of a range test.

The test is that of Smith, "Cyclical Learning Rates for Training Neural Networks" (2015,
section 3.3); running mean and end are those of fastai's `lr_find`, and the rule joins two of its
rules: "steep", where the loss falls fastest, and "minimum", a tenth of where it is lowest.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SMOOTHING = 0.9
# The test ends when the running mean is this multiple of its minimum.
_DIVERGENCE = 4.0
_LARGEST_FRACTION_OF_MINIMUM = 0.1
# Width of the bell that losses are smoothed with, as a fraction of the number of rates.
_WIDTH = 0.03
# A loss that falls by less may do so by chance.
_LEAST_FALL = 0.02
_LEAST_FALL_IN_DEVIATIONS = 4.0
_LEAST_RATES = 10
# The fall begins where this fraction of it is done.
_BEGUN = 0.1


class LossCurve:
    """Losses as they come in, each with the running mean that is shown.

    Attributes:
        losses: Those so far.
        smoothed: Their running means.
    """

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.smoothed: list[float] = []
        self._sum = 0.0

    def add(self, loss: float) -> float:
        """Add a step's loss and return the running mean, without bias to its beginning."""
        self.losses.append(loss)
        self._sum = _SMOOTHING * self._sum + (1 - _SMOOTHING) * loss
        self.smoothed.append(self._sum / (1 - _SMOOTHING ** len(self.losses)))
        return self.smoothed[-1]

    @property
    def has_diverged(self) -> bool:
        """Whether larger rates can only be worse."""
        last = self.smoothed[-1]
        return not math.isfinite(last) or last > _DIVERGENCE * min(self.smoothed)


def suggested_rate(rates: Sequence[float], losses: Sequence[float]) -> float | None:
    """Find the learning rate at which the loss falls fastest, well below its minimum's.

    A running mean lags behind by a good half power of ten, so the losses are smoothed to both
    sides here.

    Args:
        rates: Those that were tried, from small to large in equal factors.
        losses: Of the same steps, not smoothed.

    Returns:
        None if the loss doesn't fall by more than chance, or where there are too few.
    """
    if len(rates) < _LEAST_RATES:
        return None
    raw = np.asarray(losses, np.float64)
    width = max(1.0, _WIDTH * len(raw))
    smooth = _smoothed(raw, width)
    lowest = int(smooth.argmin())
    start = float(smooth[: lowest // 4 + 1].mean())
    fall = start - float(smooth[lowest])
    # The mean under a bell varies less than the losses, by the number of them that it spans.
    chance = float((raw - smooth)[: lowest + 1].std()) / math.sqrt(2 * math.sqrt(math.pi) * width)
    if fall <= max(_LEAST_FALL * start, _LEAST_FALL_IN_DEVIATIONS * chance):
        return None
    (before,) = np.nonzero(smooth[:lowest] >= start - _BEGUN * fall)
    begin = int(before[-1]) if len(before) else 0
    steepest = begin + int(np.diff(smooth[begin : lowest + 1]).argmin())
    return float(min(rates[steepest], rates[lowest] * _LARGEST_FRACTION_OF_MINIMUM))


def _smoothed(losses: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Smooth losses with a bell around each; `width` is its standard deviation in steps."""
    steps = np.arange(len(losses))
    weights = np.exp(-0.5 * ((steps[:, np.newaxis] - steps) / width) ** 2)
    means: NDArray[np.float64] = weights @ losses / weights.sum(axis=1)
    return means
