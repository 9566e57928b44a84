"""The axes of the training plots: epochs, of which fine-tuning has its own part, and percent."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from gui.look.wording import number, percent

# Of the axis, at least; five epochs would be a sliver beside the 200 iterations of an exact fit.
_FRACTION_OF_TUNING = 0.4
_HALF_LINE = 8  # pixels, of a value
_LEAST_GAP = 48  # pixels between two ticks


@dataclass(frozen=True, slots=True)
class EpochScale:
    """Where epochs are on the axis: those of fine-tuning are drawn wider if they are few.

    Attributes:
        last_of_head: Epochs before fine-tuning; None without it.
        num_epochs: Epochs of the whole run.
    """

    last_of_head: int | None = None
    num_epochs: int = 0

    @property
    def stretch(self) -> float:
        """Width of an epoch of fine-tuning; others are 1 wide."""
        if self.last_of_head is None or self.num_epochs <= self.last_of_head:
            return 1.0
        wanted = self.last_of_head * _FRACTION_OF_TUNING / (1 - _FRACTION_OF_TUNING)
        return max(1.0, wanted / (self.num_epochs - self.last_of_head))

    @property
    def end(self) -> float:
        """Where the run ends."""
        return float(self.places([self.num_epochs])[0])

    def places(self, epochs: Sequence[float]) -> NDArray[np.float64]:
        """Return where epochs are."""
        found = np.asarray(epochs, np.float64)
        if self.last_of_head is None:
            return found
        beyond = np.maximum(found - self.last_of_head, 0.0)
        return found + beyond * (self.stretch - 1)

    def epoch(self, place: float) -> float:
        """Return the epoch at a place."""
        if self.last_of_head is None or place <= self.last_of_head:
            return place
        return self.last_of_head + (place - self.last_of_head) / self.stretch

    def ticks(self, low: float, high: float, pixels: float) -> list[float]:
        """Return the places of the ticks on the visible part of the axis.

        Both parts have their own distance between ticks.

        Args:
            low: The lowest place that is visible.
            high: The highest one.
            pixels: Length of the visible part.
        """
        last = self.last_of_head
        if last is None or not low < last < high:
            return [*self._ticks_of_part(low, high, pixels)]
        head = pixels * (last - low) / (high - low)
        first_part = self._ticks_of_part(low, last, head)
        # Not at the border itself, which belongs to the head.
        second_part = self._ticks_of_part(last, high, pixels - head)
        return [*first_part, *(place for place in second_part if place > last)]

    def _ticks_of_part(self, low: float, high: float, pixels: float) -> NDArray[np.float64]:
        first, final = self.epoch(low), self.epoch(high)
        step = _whole_step((final - first) * _LEAST_GAP / max(pixels, 1.0))
        begin = math.ceil(max(first, 0.0) / step)
        return self.places([step * k for k in range(begin, math.floor(final / step) + 1)])


def _whole_step(least: float) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … that is not below `least`."""
    if not 1 < least < math.inf:
        return 1
    power = 10 ** math.floor(math.log10(least))
    return int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least))


class EpochAxis(pg.AxisItem):
    """Show whole epochs.

    Attributes:
        epoch_scale: Where they are; set by the plot.
    """

    def __init__(self) -> None:
        super().__init__("bottom")
        self.epoch_scale = EpochScale()

    def set_epoch_scale(self, scale: EpochScale) -> None:
        """Change where epochs are."""
        self.epoch_scale = scale
        self.setRange(*self.range)  # it draws itself anew

    # pyqtgraph's own methods.

    def tickValues(
        self,
        minVal: float,
        maxVal: float,
        size: float,
    ) -> list[tuple[float, list[float]]]:
        return [(1.0, self.epoch_scale.ticks(minVal, maxVal, size))]

    def tickStrings(self, values: Sequence[float], _scale: float, _spacing: float) -> list[str]:
        return [number(round(self.epoch_scale.epoch(value))) for value in values]


class ValueAxis(pg.AxisItem):
    """Show values at the left, also at its very ends."""

    def __init__(self) -> None:
        super().__init__("left")

    # pyqtgraph's own methods.

    def boundingRect(self) -> QRectF:
        # With a grid, pyqtgraph leaves out the first and last value, half of which is beyond it.
        rect: QRectF = super().boundingRect()
        return rect.adjusted(0, -_HALF_LINE, 0, _HALF_LINE)


class PercentAxis(ValueAxis):
    """Show fractions as percentages, none below 0 or above 100."""

    # pyqtgraph's own methods.

    def tickValues(
        self,
        minVal: float,
        maxVal: float,
        size: float,
    ) -> list[tuple[float, list[float]]]:
        levels = super().tickValues(minVal, maxVal, size)
        tiny = 1e-9
        return [
            (spacing, [value for value in values if -tiny <= value <= 1 + tiny])
            for spacing, values in levels
        ]

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:
        digits = max(0, math.ceil(-math.log10(100 * spacing) - 1e-9))
        return [percent(max(0.0, value), digits) for value in values]
