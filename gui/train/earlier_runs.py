"""Earlier runs behind the current one in the plots."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui.look.language import tr
from gui.look.theme import Theme, class_color
from gui.train.epoch_axis import EpochScale
from gui.train.plot_legend import LegendEntry
from gui.train.plot_pens import plot_pen
from gui.train.training_history import METRICS, TrainingHistory

_MOST = 3  # more couldn't be told apart
_WIDTH = 1.5


@dataclass(frozen=True, slots=True)
class _EarlierRun:
    history: TrainingHistory
    lines: dict[str, pg.PlotDataItem]
    number: int


class EarlierRuns:
    """Draw the validation curves of a few runs, each in a colour that stays its own.

    Args:
        plots: The plots by metric.
    """

    def __init__(self, plots: Mapping[str, pg.PlotItem]) -> None:
        self._plots = plots
        self._runs: list[_EarlierRun] = []
        self._num_added = 0

    def __len__(self) -> int:
        return len(self._runs)

    def add(self, history: TrainingHistory) -> None:
        """Add a run; when there are too many, the oldest goes."""
        lines = {metric: self._plots[metric].plot([], []) for metric in METRICS}
        for line in lines.values():
            line.setZValue(-10)
        self._runs.append(_EarlierRun(history, lines, self._num_added))
        self._num_added += 1
        while len(self._runs) > _MOST:
            self._remove(self._runs.pop(0))

    def clear(self) -> None:
        """Remove all."""
        for run in self._runs:
            self._remove(run)
        self._runs.clear()
        self._num_added = 0

    def draw(self, scale: EpochScale) -> None:
        """Draw the curves where the current run's epochs are."""
        for run in self._runs:
            for metric, line in run.lines.items():
                line.setData(*_points(run.history, f"val_{metric}", scale))

    def recolor(self, theme: Theme, ratio: float) -> None:
        """Use the colours of a scheme; for `ratio` see `plot_pen`."""
        for run in self._runs:
            for line in run.lines.values():
                line.setPen(_pen(run, theme, ratio))

    def legend(self, theme: Theme, ratio: float) -> list[LegendEntry]:
        """Return the names of the runs, the latest first."""
        return [
            LegendEntry(_name(run.history), _pen(run, theme, ratio)) for run in reversed(self._runs)
        ]

    def values(self, name: str, scale: EpochScale, end: float) -> list[float]:
        """Return the values of all curves of a name, such as `val_loss`, up to a place."""
        found: list[float] = []
        for run in self._runs:
            places, values = _points(run.history, name, scale)
            found.extend(values[places <= end].tolist())
        return found

    def _remove(self, run: _EarlierRun) -> None:
        for metric, line in run.lines.items():
            self._plots[metric].removeItem(line)


def _name(history: TrainingHistory) -> str:
    return tr("Earlier: %1", history.name) if history.name else tr("Earlier run")


def _pen(run: _EarlierRun, theme: Theme, ratio: float) -> QPen:
    colors = (QColor(theme.control_line), class_color(0), class_color(6))
    color = colors[run.number % len(colors)]
    return plot_pen(color, _WIDTH, ratio, Qt.PenStyle.DashLine)


def _points(history: TrainingHistory, name: str, scale: EpochScale) -> tuple[Any, Any]:
    """Return places and values, each stage in its own part; epochs without a place are left out."""
    curve = history.curves[name]
    epochs, values = np.asarray(curve.epochs, np.float64), np.asarray(curve.values)
    current, own = scale.last_of_head, history.last_of_head
    if current is None:
        return epochs, values
    is_tuned = epochs > (np.inf if own is None else own)
    moved = np.where(is_tuned, epochs - (own or 0) + current, epochs)
    fits = is_tuned | (epochs <= current)
    return scale.places(moved[fits].tolist()), values[fits]
