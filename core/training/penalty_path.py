"""The strengths of the penalty that an exact fit tries, and the choice among them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# In the coordinates of `FeatureSpace`, from strong to weak: each fit begins where the one before
# ended, and the first ones take a few iterations only.
STRENGTHS = tuple(np.geomspace(1e-3, 1e-3 / 3**8, 9).tolist())
# Strengths without a lower validation loss, after which weaker ones aren't tried.
_MOST_WITHOUT_GAIN = 2


@dataclass(frozen=True, slots=True)
class FittedHead:
    """The head at the end of the fit with one strength.

    Attributes:
        strength: Of the penalty.
        epoch: Its last iteration, counted over all fits.
        val_losses: Cross-entropy of each validation image, in order.
    """

    strength: float
    epoch: int
    val_losses: NDArray[np.float64]

    @property
    def val_loss(self) -> float:
        """The mean cross-entropy on the validation split."""
        return float(self.val_losses.mean())


def choose(heads: Sequence[FittedHead]) -> int:
    """Return the position of the fit to keep: the one with the lowest validation loss.

    Args:
        heads: From strong to weak penalties, at least one.
    """
    return int(np.argmin([head.val_loss for head in heads]))


def is_decided(heads: Sequence[FittedHead]) -> bool:
    """Return whether weaker penalties need not be tried."""
    return len(heads) - 1 - choose(heads) >= _MOST_WITHOUT_GAIN
