"""Plot of the accuracy while pictures are still being analysed, by the number of pictures."""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.messages.events import ProvisionalAccuracy
from gui.look.language import tr
from gui.look.theme import GRID, theme_for
from gui.look.wording import number, percent
from gui.widgets.plain_text import PlainLabel

_AXIS_WIDTH = 7 * GRID
_LINE_WIDTH = 2
_POINT_SIZE = 9
# Doublings.
_BEAM_WIDTH = 0.08
_LEAST_WIDTH = 3.0
_SIDE = 0.25
# Percentage points.
_LEAST_HEIGHT = 10.0
_MARGIN = 1.0
# What twice as many pictures must bring to be worth while.
_LEAST_GAIN = 0.01


class ProvisionalPlot(QFrame):
    """Show accuracies with their intervals, and in a sentence what they say.

    The axis of the numbers is logarithmic: they double from point to point, and so does what a
    further percentage point takes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._events: list[ProvisionalAccuracy] = []
        self._view = pg.GraphicsLayoutWidget()
        # The window takes drops, wherever they happen.
        self._view.setAcceptDrops(False)
        self._view.viewport().setAcceptDrops(False)
        self._view.setAccessibleName(tr("Plot of the provisional accuracy by number of pictures"))
        self._view.setMinimumHeight(20 * GRID)
        self._plot = self._make_plot()
        self._bars = pg.ErrorBarItem(beam=_BEAM_WIDTH)
        self._plot.addItem(self._bars)
        self._line = self._plot.plot([], [], symbol="o", symbolSize=_POINT_SIZE, antialias=True)
        self._text = PlainLabel()
        self._text.setObjectName("Provisional accuracy")
        self._text.setWordWrap(True)
        self._lay_out()
        self._recolor()

    def add(self, event: ProvisionalAccuracy) -> None:
        """Add an accuracy, of more pictures than the one before."""
        self._events.append(event)
        self._redraw()

    def clear(self) -> None:
        """Remove all accuracies."""
        self._events.clear()

    def points(self) -> list[tuple[int, float]]:
        """Return what is drawn: numbers of pictures, and accuracies in percent."""
        places, values = self._line.getData()
        if places is None:
            return []
        return [(round(2**x), float(y)) for x, y in zip(places, values, strict=True)]

    def text(self) -> str:
        """Return the sentence below the plot."""
        return self._text.text()

    def _make_plot(self) -> pg.PlotItem:
        plot = self._view.addPlot(axisItems={"left": _PercentAxis("left")})
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=False, y=False)
        plot.showGrid(x=False, y=True, alpha=0.15)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        plot.setLabel("left", tr("Provisional accuracy"))
        plot.setLabel("bottom", tr("Pictures"))
        return plot

    def _lay_out(self) -> None:
        title = PlainLabel(
            tr(
                "Provisional: cross-validation of a quick classifier on the pictures so far, with "
                "95% intervals."
            )
        )
        title.setProperty("role", "help")
        title.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(title)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._text)

    def _redraw(self) -> None:
        events = self._events
        places = [math.log2(event.num_images) for event in events]
        values = [100 * event.accuracy for event in events]
        lows, highs = ([100 * event.interval[end] for event in events] for end in (0, 1))
        self._line.setData(places, values)
        self._bars.setData(
            x=np.array(places),
            y=np.array(values),
            bottom=np.subtract(values, lows),
            top=np.subtract(highs, values),
        )
        ticks = [
            (place, number(event.num_images)) for place, event in zip(places, events, strict=True)
        ]
        self._plot.getAxis("bottom").setTicks([ticks])
        last = max(places[-1], places[0] + _LEAST_WIDTH)
        self._plot.setXRange(places[0] - _SIDE, last + _SIDE, padding=0)
        low, high = min(lows) - _MARGIN, max(highs) + _MARGIN
        low = min(low, high - _LEAST_HEIGHT)
        self._plot.setYRange(low, high, padding=0)
        self._text.setText(provisional_text(events))

    def _recolor(self) -> None:
        theme = theme_for(self.palette())
        self._view.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.text_muted)
        pen = pg.mkPen(theme.accent, width=_LINE_WIDTH)
        self._line.setPen(pen)
        self._line.setSymbolPen(pen)
        self._line.setSymbolBrush(theme.surface)
        self._bars.setData(pen=pg.mkPen(theme.text_muted, width=_LINE_WIDTH))

    # Qt's own methods.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_text"):
            self._recolor()


class _PercentAxis(pg.AxisItem):
    """An axis with "%" at its numbers."""

    def tickStrings(self, values: Sequence[float], _scale: float, spacing: float) -> list[str]:
        digits = 0 if spacing >= 1 else 1
        return [percent(value / 100, digits) for value in values]


def provisional_text(events: Sequence[ProvisionalAccuracy]) -> str:
    """Say how accurate it is with the pictures so far, and whether more of them help.

    Args:
        events: With growing numbers of pictures, at least one.
    """
    last = events[-1]
    count, accuracy = number(last.num_images), percent(last.accuracy, 0)
    if len(events) == 1:
        return tr("With %1 pictures about %2.", count, accuracy)
    # Over two doublings if possible: one alone is often chance.
    first = events[-3:][0]
    doublings = math.log2(last.num_images / first.num_images)
    if last.accuracy - first.accuracy >= _LEAST_GAIN * doublings:
        return tr("With %1 pictures about %2. More pictures still help.", count, accuracy)
    return tr("With %1 pictures about %2. More pictures help little now.", count, accuracy)
