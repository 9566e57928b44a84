"""Plot of accuracy and time against the values that an experiment tries."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.text import decimal_text
from gui.experiments.experiment_view import ExperimentView, PlacedGroup
from gui.look.language import tr
from gui.look.theme import GRID, theme_for
from gui.look.wording import decimal, percent

_AXIS_WIDTH = 8 * GRID
_LINE_WIDTH = 2
_POINT_SIZE, _MEAN_SIZE = 6, 11
_FAINT, _BAND = 150, 40
_BEAM = 0.015  # of the axis
_SIDE = 0.06
_LEAST_HEIGHT = 4.0  # percentage points
_MOST_BEYOND = 10.0
_MOST_TICKS = 12
_LONGEST_TICK = 18
_CHARACTER = 0.011  # of the axis, in a narrow window
_ACCURACY_STRETCH, _TIME_STRETCH = 5, 2


class ExperimentPlot(QWidget):
    """Show each run as a point, means with their 95% intervals, and the time below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view_shown: ExperimentView | None = None
        self._view = pg.GraphicsLayoutWidget()
        self._view.setAcceptDrops(False)
        self._view.viewport().setAcceptDrops(False)
        self._view.setAccessibleName(tr("Plot of accuracy and time by value"))
        self._view.setMinimumHeight(30 * GRID)
        self._accuracy = self._make_plot(0, _PercentAxis("left"))
        self._time = self._make_plot(1, _SecondsAxis("left"))
        self._time.setXLink(self._accuracy)
        self._time.setLabel("left", tr("Time"))
        self._view.ci.layout.setRowStretchFactor(0, _ACCURACY_STRETCH)
        self._view.ci.layout.setRowStretchFactor(1, _TIME_STRETCH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._draw()

    def show_view(self, view: ExperimentView | None) -> None:
        """Draw an experiment; None for nothing."""
        self._view_shown = view
        self._draw()

    def means(self) -> list[tuple[float, float]]:
        """Return what is drawn as means: places on the axis, and percent."""
        return [(x, 100 * mean) for x, mean, _ in self._measured()]

    def ticks(self) -> list[str]:
        """Return the texts on the axis of values."""
        ticks = self._time.getAxis("bottom")._tickLevels or [[]]
        return [text for _, text in ticks[0]]

    def _make_plot(self, row: int, axis: pg.AxisItem) -> pg.PlotItem:
        plot = self._view.addPlot(row=row, col=0, axisItems={"left": axis})
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.showGrid(x=False, y=True, alpha=0.15)
        axis.setWidth(_AXIS_WIDTH)
        axis.enableAutoSIPrefix(False)
        return plot

    def _measured(self) -> list[tuple[float, float, PlacedGroup]]:
        view = self._view_shown
        if view is None:
            return []
        return [
            (placed.x, placed.group.mean, placed)
            for placed in view.groups
            if placed.group.mean is not None
        ]

    def _draw(self) -> None:
        theme = theme_for(self.palette())
        self._view.setBackground(theme.surface)
        for plot in (self._accuracy, self._time):
            plot.clear()
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.line)
                plot.getAxis(side).setTextPen(theme.text_muted)
        view = self._view_shown
        if view is None:
            return
        is_test = view.conclusion.is_test
        self._accuracy.setLabel("left", tr("Test accuracy") if is_test else tr("Validation"))
        self._accuracy.getAxis("bottom").setStyle(showValues=False)
        self._time.setLabel("bottom", view.axis)
        self._show_ticks(view)
        self._draw_curve(view)
        self._draw_accuracies(view)
        self._draw_times(view)

    def _show_ticks(self, view: ExperimentView) -> None:
        xs = [each.x for each in view.groups] + [point.x for point in view.curve]
        low, high = (min(xs), max(xs)) if xs else (0.0, 1.0)
        for plot in (self._accuracy, self._time):
            plot.getAxis("bottom").setTicks(_ticks(view, low, high))
        margin = _SIDE * (high - low) if view.is_joined and high > low else 0.5
        self._accuracy.setXRange(low - margin, high + margin, padding=0)

    def _draw_curve(self, view: ExperimentView) -> None:
        if not view.curve:
            return
        theme = theme_for(self.palette())
        xs = np.array([point.x for point in view.curve])
        band = QColor(theme.info)
        band.setAlpha(_BAND)
        edges = [
            pg.PlotCurveItem(xs, 100 * np.array(values), pen=pg.mkPen(None))
            for values in (
                [point.accuracy.low for point in view.curve],
                [point.accuracy.high for point in view.curve],
            )
        ]
        for edge in edges:
            self._accuracy.addItem(edge)
        self._accuracy.addItem(pg.FillBetweenItem(*edges, brush=pg.mkBrush(band)))
        self._accuracy.plot(
            xs,
            100 * np.array([point.accuracy.value for point in view.curve]),
            pen=pg.mkPen(theme.info, width=_LINE_WIDTH),
            antialias=True,
        )

    def _draw_accuracies(self, view: ExperimentView) -> None:
        theme = theme_for(self.palette())
        measured = self._measured()
        faint = QColor(theme.text_muted)
        faint.setAlpha(_FAINT)
        points = [
            (placed.x, 100 * accuracy)
            for placed in view.groups
            for accuracy in placed.group.accuracies.values()
        ]
        if points:
            self._accuracy.plot(
                *map(list, zip(*points, strict=True)),
                pen=None,
                symbol="o",
                symbolSize=_POINT_SIZE,
                symbolPen=None,
                symbolBrush=faint,
            )
        self._draw_intervals(measured)
        is_line = view.is_joined and not view.curve
        if measured:
            self._accuracy.plot(
                [x for x, _, _ in measured],
                [100 * mean for _, mean, _ in measured],
                pen=pg.mkPen(theme.accent, width=_LINE_WIDTH) if is_line else None,
                symbol="o",
                symbolSize=_MEAN_SIZE,
                symbolPen=pg.mkPen(theme.accent, width=_LINE_WIDTH),
                symbolBrush=theme.surface,
                antialias=True,
            )
        self._show_height(view, [y for _, y in points])

    def _draw_intervals(self, measured: Sequence[tuple[float, float, PlacedGroup]]) -> None:
        known = [(x, mean, placed.group.interval) for x, mean, placed in measured]
        bars = [(x, mean, interval) for x, mean, interval in known if interval is not None]
        if not bars:
            return
        (left, right), _ = self._accuracy.viewRange()
        self._accuracy.addItem(
            pg.ErrorBarItem(
                x=np.array([x for x, _, _ in bars]),
                y=np.array([100 * mean for _, mean, _ in bars]),
                bottom=np.array([100 * (mean - ends[0]) for _, mean, ends in bars]),
                top=np.array([100 * (ends[1] - mean) for _, mean, ends in bars]),
                beam=_BEAM * (right - left),
                pen=pg.mkPen(theme_for(self.palette()).accent, width=_LINE_WIDTH),
            )
        )

    def _show_height(self, view: ExperimentView, values: Sequence[float]) -> None:
        seen = [*values, *(100 * point.accuracy.value for point in view.curve)]
        if not seen:
            self._accuracy.setYRange(0, 100, padding=0)
            return
        ends = [100 * end for each in view.groups for end in each.group.interval or ()]
        # Of few repeats intervals are so wide that nothing else could be told apart.
        beyond = max(_MOST_BEYOND, max(seen) - min(seen))
        low = max(min(seen) - beyond, min([*seen, *ends]))
        high = min(max(seen) + beyond, max([*seen, *ends]), 100.0)
        middle = (low + high) / 2
        half = max(_LEAST_HEIGHT, high - low) / 2 * 1.1
        self._accuracy.setYRange(max(0.0, middle - half), middle + half, padding=0)

    def _draw_times(self, view: ExperimentView) -> None:
        known = [
            (each.x, each.group.seconds) for each in view.groups if each.group.seconds is not None
        ]
        if not known:
            self._time.setYRange(0, 1, padding=0)
            return
        theme = theme_for(self.palette())
        xs, seconds = map(list, zip(*known, strict=True))
        self._time.plot(
            xs,
            seconds,
            pen=pg.mkPen(theme.info, width=_LINE_WIDTH) if view.is_joined else None,
            symbol="o",
            symbolSize=_MEAN_SIZE - 2,
            symbolPen=pg.mkPen(theme.info, width=_LINE_WIDTH),
            symbolBrush=theme.surface,
            antialias=True,
        )
        self._time.setYRange(0, 1.15 * max(seconds), padding=0)

    # Qt's own methods.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_time"):
            self._draw()


class _PercentAxis(pg.AxisItem):
    """An axis with "%" at its numbers."""

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:
        digits = 0 if spacing >= 1 else 1
        return [percent(value / 100, digits) if value <= 100 else "" for value in values]


class _SecondsAxis(pg.AxisItem):
    """An axis with "s" at its numbers."""

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:
        digits = 0 if spacing >= 1 else 1
        texts = [decimal(value, digits) for value in values]
        return [tr("%1 s", text) for text in texts]


def _ticks(view: ExperimentView, low: float, high: float) -> list[list[tuple[float, str]]] | None:
    """Return ticks at the values, or at round numbers if there are many; None for the usual ones.

    Args:
        low: The smallest place on the axis.
        high: The largest.
    """
    if view.is_joined and len(view.groups) > _MOST_TICKS:
        if not view.is_log:
            return None
        powers = range(math.ceil(low), math.floor(high) + 1)
        return [[(power, decimal_text(10.0**power)) for power in powers]]
    texts = [_short(each.tick) for each in view.groups]
    # Those between would run into each other.
    gap = (high - low) * max(1 / _MOST_TICKS, _CHARACTER * max(map(len, texts), default=0))
    ticks: list[tuple[float, str]] = []
    for each, text in zip(view.groups, texts, strict=True):
        if not ticks or each.x - ticks[-1][0] >= gap:
            ticks.append((each.x, text))
    return [ticks]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TICK else text[: _LONGEST_TICK - 1] + "…"
