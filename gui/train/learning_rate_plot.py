"""Plot of the loss by learning rate, with a line that marks the rate to train with."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.messages.events import LearningRateTried
from gui.look.language import tr
from gui.look.theme import GRID, theme_for
from gui.widgets.plain_text import PlainLabel

_REDRAW_MS = 100
_FAINT = 110
_AXIS_WIDTH = 7 * GRID
# The range before anything was tried, as powers of ten.
_FIRST_RANGE = (-7.0, 1.0)
# An arrow key moves the line by this fraction of a power of ten.
_KEY_STEP = 0.05
_LINE_WIDTH = 2
_RING_WIDTH = 2
# The view ends at this multiple of the lowest running mean, or else where the losses began.
_HIGHEST_IN_LOWEST = 4.0
_LOWEST_FRACTION = 0.9
_NUM_FIRST = 5


class LearningRatePlot(QWidget):
    """Show the losses as they come, thin, and their running mean; rates on a logarithmic axis.

    All rates that were tried are in view, but not the losses that explode at the largest ones.
    The line is dragged, or moved with the left and right arrow keys.

    Signals:
        rate_moved: The learning rate that the line was moved to, a float.
    """

    rate_moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tried: list[LearningRateTried] = []
        self._is_stale = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Plot of the loss by learning rate"))
        self._view = pg.GraphicsLayoutWidget()
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setMinimumHeight(24 * GRID)
        self._plot = self._make_plot()
        self._losses = self._plot.plot([], [])
        self._means = self._plot.plot([], [])
        self._line = pg.InfiniteLine(angle=90, movable=True)
        self._line.setCursor(Qt.CursorShape.SizeHorCursor)
        self._line.sigPositionChanged.connect(self._on_line_moved)
        self._line.hide()
        self._plot.addItem(self._line, ignoreBounds=True)
        layout = QVBoxLayout(self)
        # Room for the ring that shows the keyboard focus.
        layout.setContentsMargins(_RING_WIDTH, _RING_WIDTH, _RING_WIDTH, _RING_WIDTH)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._view)
        legend = PlainLabel(tr("Thin line: each step. Thick line: smoothed."))
        legend.setProperty("role", "help")
        legend.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(legend)
        self._recolor()
        self._timer = QTimer(self, interval=_REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self._timer.start()

    def add(self, event: LearningRateTried) -> None:
        """Add a step; drawn within a tenth of a second."""
        self._tried.append(event)
        self._is_stale = True

    def set_rate(self, rate: float | None) -> None:
        """Put the line at a learning rate; None hides it."""
        self._line.setVisible(rate is not None)
        if rate is not None:
            self._line.setValue(math.log10(rate))

    @property
    def rate(self) -> float | None:
        """The rate at the line; None while it is hidden."""
        return float(10 ** self._line.value()) if self._line.isVisible() else None

    def curves(self) -> tuple[list[float], list[float], list[float]]:
        """Return what is drawn: rates, losses, running means."""
        self._redraw()
        rates, losses = self._losses.getOriginalDataset()
        _, means = self._means.getOriginalDataset()
        if rates is None:
            return [], [], []
        return list(rates), list(losses), list(means)

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return what is in view: powers of ten of the rates, and losses."""
        self._redraw()
        (left, right), (low, high) = self._plot.viewRange()
        return (left, right), (low, high)

    def _make_plot(self) -> pg.PlotItem:
        plot = self._view.addPlot()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setLogMode(x=True, y=False)
        plot.setMouseEnabled(x=False, y=False)
        plot.setXRange(*_FIRST_RANGE, padding=0.02)
        plot.showGrid(x=False, y=True, alpha=0.15)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        plot.getAxis("left").enableAutoSIPrefix(False)
        plot.getAxis("bottom").enableAutoSIPrefix(False)
        plot.setLabel("left", tr("Loss"))
        plot.setLabel("bottom", tr("Learning rate"))
        return plot

    def _redraw(self) -> None:
        if not self._is_stale:
            return
        self._is_stale = False
        rates = [event.learning_rate for event in self._tried]
        self._losses.setData(rates, [event.loss for event in self._tried])
        self._means.setData(rates, [event.smoothed_loss for event in self._tried])
        self._show_what_matters(rates)

    def _show_what_matters(self, rates: list[float]) -> None:
        first, last = math.log10(min(rates)), math.log10(max(rates))
        # Room to the right for what is still to be tried, so that the curve doesn't shrink.
        self._plot.setXRange(first, max(last, _FIRST_RANGE[1]), padding=0.02)
        means = [e.smoothed_loss for e in self._tried if math.isfinite(e.smoothed_loss)]
        if not means:
            return
        first_losses = [e.loss for e in self._tried[:_NUM_FIRST] if math.isfinite(e.loss)]
        highest = max([*first_losses, _HIGHEST_IN_LOWEST * min(means)])
        self._plot.setYRange(_LOWEST_FRACTION * min(means), highest, padding=0)

    def _recolor(self) -> None:
        theme = theme_for(self.palette())
        self._view.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.text_muted)
        faint = QColor(theme.info)
        faint.setAlpha(_FAINT)
        self._losses.setPen(_pen(faint))
        self._means.setPen(_pen(theme.info, width=_LINE_WIDTH))
        self._line.setPen(_pen(theme.accent, width=_LINE_WIDTH))
        self._line.setHoverPen(_pen(theme.accent_hover, width=2 * _LINE_WIDTH))

    def _on_line_moved(self) -> None:
        rate = self.rate
        if rate is not None:
            self.rate_moved.emit(rate)

    # Qt's own methods.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if steps is None or not self._line.isVisible():
            super().keyPressEvent(event)
            return
        self._line.setValue(self._line.value() + steps * _KEY_STEP)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_line"):
            self._recolor()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(_pen(theme_for(self.palette()).accent, width=_RING_WIDTH))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.end()


def _pen(color: str | QColor, *, width: int = 1) -> QPen:
    pen: QPen = pg.mkPen(color, width=width)
    return pen
