"""Plots of accuracy and loss over the epochs, live."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.messages.events import BatchFinished, EpochFinished
from gui.look.language import tr, tr_count
from gui.look.theme import GRID, Theme, theme_for
from gui.look.wording import significant
from gui.train.earlier_runs import EarlierRuns
from gui.train.epoch_axis import EpochAxis, EpochScale
from gui.train.metric_plot import add_metric_plot
from gui.train.plot_image import save_plots
from gui.train.plot_legend import LegendEntry
from gui.train.plot_marks import add_mark, color_mark, place_words
from gui.train.plot_pens import plot_pen
from gui.train.plot_range import range_without_outliers
from gui.train.plot_read_out import read_out_text
from gui.train.training_history import METRICS, TrainingHistory

_REDRAW_MS = 100
_BATCH_ALPHA = 110
_TINT = 26
# Beyond 0 and 1, so that a line there can be seen.
_ACCURACY_MARGIN = 0.02
_LOSS_MARGIN = 0.06
_EPOCH_WIDTH = 2.0
# A curve that is wider than one pixel takes six times as long to draw.
_MOST_WIDE_POINTS = 2_000
# So few that a point is worth a dot; a single one is no line at all.
_MOST_DOTS = 30
_DOT = 6


class TrainingPlot(QWidget):
    """Show two plots above each other with one x axis: training solid, validation dashed.

    Between epochs the training's batches are drawn thin; earlier runs have colours of their own.
    The best epoch is marked. Fine-tuning has its own part of the axis, on another ground. Few
    losses far above all others lie outside of the view, which then says so. The view moves by
    dragging and zooms by the wheel; `fit` shows all again.

    Signals:
        read_out: The values under the mouse, as text; "" beside the plots.
        legend_changed: A list of `LegendEntry`: the lines that are drawn.
    """

    read_out = Signal(str)
    legend_changed = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = TrainingHistory()
        self._scale = EpochScale()
        self._is_stale = self._shows_outliers = False
        self._plots: dict[str, pg.PlotItem] = {}
        self._earlier = EarlierRuns(self._plots)
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._marks: dict[str, pg.InfiniteLine] = {}
        self._borders: dict[str, pg.InfiniteLine] = {}
        self._grounds: dict[str, pg.LinearRegionItem] = {}
        self._crosshairs: dict[str, pg.InfiniteLine] = {}
        self._num_epochs = 0
        self._axis = EpochAxis()
        self._view = pg.GraphicsLayoutWidget()
        # The window takes drops, wherever they happen.
        self._view.setAcceptDrops(False)
        self._view.viewport().setAcceptDrops(False)
        self._view.setAccessibleName(tr("Plots of accuracy and loss"))
        self._view.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._view.setMinimumHeight(26 * GRID)
        self._view.ci.setContentsMargins(0, GRID, 2 * GRID, 0)
        self._view.ci.layout.setVerticalSpacing(2 * GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        for row, metric in enumerate(METRICS):
            self._make_plot(row, metric)
        view = self._plots["accuracy"].vb
        view.setLimits(yMin=-_ACCURACY_MARGIN, yMax=1 + _ACCURACY_MARGIN)
        view.sigXRangeChanged.connect(self._place_words)
        view.sigResized.connect(self._place_words)
        self._plots["loss"].setXLink(self._plots["accuracy"])
        self._outside = pg.TextItem()
        self._outside.setParentItem(self._plots["loss"].vb)
        self._outside.hide()
        self._recolor()
        self._timer = QTimer(self, interval=_REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self._timer.start()

    def start(self, num_epochs: int, *, is_exact: bool = False) -> None:
        """Start a new run; the previous one stays as an earlier run.

        Args:
            num_epochs: Epochs that it may take.
            is_exact: Whether it begins with iterations of an exact fit.
        """
        if self.history.curves["accuracy"].epochs:
            self.add_earlier_run(self.history)
        self.history = TrainingHistory()
        self.history.is_exact = is_exact
        self._is_stale, self._shows_outliers = True, False
        self._make_room(num_epochs)
        for plot in self._plots.values():
            plot.enableAutoRange(axis="y")

    def end(self) -> None:
        """End the run: no more room is needed than it has taken."""
        if self.history.num_epochs:
            self._make_room(self.history.last_epoch)

    def add_batch(self, event: BatchFinished) -> None:
        """Add steps of the run; drawn within a tenth of a second."""
        self.history.add_batch(event)
        self._is_stale = True

    def add_epoch(self, event: EpochFinished) -> None:
        """Add an epoch of the run."""
        self.history.add_epoch(event)
        self._is_stale = True
        # Fewer when the head stopped early and fine-tuning begins.
        if event.num_epochs != self._num_epochs or self._scale != _scale_of(self.history):
            self._make_room(event.num_epochs)

    def load_history(self, lines: Sequence[dict[str, Any]], name: str = "") -> None:
        """Show a finished run from its run folder."""
        self.history = TrainingHistory(name)
        self.history.load(lines)
        self._is_stale = True
        self._shows_outliers = False
        self._scale = _scale_of(self.history)
        for plot in self._plots.values():
            plot.enableAutoRange()

    def add_earlier_run(self, history: TrainingHistory) -> None:
        """Draw the validation of a run behind the current one; of the oldest no longer."""
        self._earlier.add(history)
        self._recolor()

    def clear(self) -> None:
        """Remove this and all earlier runs."""
        self.history = TrainingHistory()
        self._earlier.clear()
        self._scale = EpochScale()
        self._is_stale = True

    def fit(self) -> None:
        """Show everything, outliers too."""
        self._shows_outliers = True
        self._is_stale = True
        for plot in self._plots.values():
            plot.enableAutoRange()

    def curves(self) -> dict[str, tuple[list[float], list[float]]]:
        """Return what is drawn: epochs and values by name, such as `val_accuracy`."""
        self._redraw()
        drawn = {}
        for name, line in self._lines.items():
            places, values = line.getOriginalDataset()
            empty = places is None
            epochs = [] if empty else [round(self._scale.epoch(place), 9) for place in places]
            drawn[name] = ([], []) if empty else (epochs, [*values])
        return drawn

    def legend(self) -> list[LegendEntry]:
        """Return the lines that are drawn, with their names."""
        theme = theme_for(self.palette())
        curves = self.history.curves
        entries = []
        if curves["accuracy"].epochs:
            entries.append(LegendEntry(tr("Training"), self._pen(theme.text, _EPOCH_WIDTH)))
        if curves["val_accuracy"].epochs:
            pen = self._pen(theme.text, _EPOCH_WIDTH, Qt.PenStyle.DashLine)
            entries.append(LegendEntry(tr("Validation"), pen))
        if curves["batch_accuracy"].epochs:
            entries.append(LegendEntry(tr("Batches"), self._pen(theme.text_muted, 1)))
        return [*entries, *self._earlier.legend(theme, self.devicePixelRatioF())]

    @property
    def num_earlier_runs(self) -> int:
        """The number of earlier runs that are drawn."""
        return len(self._earlier)

    @property
    def fine_tuning_mark(self) -> float | None:
        """The epoch at which the start of fine-tuning is marked; None without a mark."""
        self._redraw()
        border = self._borders["accuracy"]
        return float(border.value()) if border.isVisible() else None

    @property
    def outside(self) -> str:
        """The text about losses outside of the view; "" if there are none."""
        self._redraw()
        return self._outside.toPlainText() if self._outside.isVisible() else ""

    def save_image(self, path: Path) -> None:
        """Write the plots as PNG or, by the file's suffix, as SVG.

        Raises:
            StorageError: If the file can't be written.
        """
        save_plots(self._view, path, theme_for(self.palette()).surface)

    def _make_room(self, num_epochs: int) -> None:
        self._num_epochs = num_epochs
        self._scale = _scale_of(self.history)
        end = float(self._scale.places([num_epochs])[0])
        for plot in self._plots.values():
            plot.setXRange(0, end, padding=0.02)

    def _make_plot(self, row: int, metric: str) -> None:
        plot = add_metric_plot(self._view, row, metric, self._axis)
        self._plots[metric] = plot
        ground = pg.LinearRegionItem(movable=False, pen=pg.mkPen(None))
        ground.setZValue(-20)
        ground.hide()
        plot.addItem(ground, ignoreBounds=True)
        self._grounds[metric] = ground
        for prefix in ("batch_", "", "val_"):
            self._lines[prefix + metric] = plot.plot([], [], antialias=bool(prefix != "batch_"))
        self._marks[metric] = add_mark(plot, has_words=metric == "accuracy")
        self._borders[metric] = add_mark(plot, has_words=metric == "accuracy")
        self._crosshairs[metric] = add_mark(plot)

    def _redraw(self) -> None:
        if not self._is_stale:
            return
        self._is_stale = False
        self._draw_curves()
        self._name_axis()
        best = self.history.best_epoch
        best_place = float(self._scale.places([best])[0])
        for mark in self._marks.values():
            mark.setVisible(best > 0)
            mark.setValue(best_place)
        text = tr("best: epoch %1", str(best))
        if self.history.is_iteration(best):
            text = tr("best: iteration %1", str(best))
        self._marks["accuracy"].label.setFormat(text)
        last = self._scale.last_of_head
        for metric, border in self._borders.items():
            for part in (border, self._grounds[metric]):
                part.setVisible(last is not None)
            border.setValue(last or 0)
            self._grounds[metric].setRegion((last or 0, 10 * self._scale.end + 10))
        self._borders["accuracy"].label.setFormat(tr("fine-tuning"))
        self._show_loss_range()
        self._place_words()
        self.legend_changed.emit(self.legend())

    def _draw_curves(self) -> None:
        theme = theme_for(self.palette())
        for name, line in self._lines.items():
            curve = self.history.curves[name]
            color = _metric_color(name, theme)
            is_batch = name.startswith("batch_")
            is_long = is_batch or len(curve.epochs) > _MOST_WIDE_POINTS
            style = Qt.PenStyle.DashLine if name.startswith("val_") else Qt.PenStyle.SolidLine
            width = 1 if is_long else _EPOCH_WIDTH
            pen = self._pen(_faint(color) if is_batch else color, width, style)
            has_dots = not is_batch and len(curve.epochs) <= _MOST_DOTS
            line.setData(
                self._scale.places(curve.epochs),
                np.asarray(curve.values),
                pen=pen,
                symbol="o" if has_dots else None,
                symbolSize=_DOT,
                symbolBrush=color,
                symbolPen=None,
            )
        self._earlier.draw(self._scale)

    def _show_loss_range(self) -> None:
        """Leave few losses that are far above all others out of the view, and say so."""
        names = ("loss", "val_loss", "batch_loss")
        found = [self.history.curves[name].values for name in names]
        end = float(self._scale.places([self._num_epochs])[0])
        found.append(self._earlier.values("val_loss", self._scale, end))
        shown = range_without_outliers(np.concatenate([np.asarray(each, float) for each in found]))
        plot = self._plots["loss"]
        self._outside.setVisible(shown is not None and not self._shows_outliers)
        if shown is None or self._shows_outliers:
            plot.enableAutoRange(axis="y")
            return
        margin = _LOSS_MARGIN * (shown.high - shown.low)
        plot.setYRange(shown.low - margin, shown.high + margin, padding=0)
        largest = significant(shown.largest, 3)
        text = tr_count("▲ %n value(s) above, up to %1", "", shown.num_above, largest)
        self._outside.setText(text)

    def _name_axis(self) -> None:
        name = tr("Epoch")
        if self.history.is_exact:
            name = tr("Iteration")
            if self.history.last_of_head is not None:
                name = tr("Iteration, then epoch of fine-tuning")
        for plot in self._plots.values():
            axis = plot.getAxis("bottom")
            if axis.epoch_scale != self._scale:
                axis.set_epoch_scale(self._scale)
        if self._axis.labelText != name:
            self._plots["loss"].setLabel("bottom", name)

    def _place_words(self) -> None:
        view = self._plots["accuracy"].vb
        mark, border = self._marks["accuracy"], self._borders["accuracy"]
        # In rows of their own: the best epoch may be the first of fine-tuning.
        place_words(view, mark, border, 0)
        place_words(view, border, mark, 1, prefers_right=True)
        # At the right, since losses fall.
        room = self._plots["loss"].vb.width() - self._outside.boundingRect().width()
        self._outside.setPos(max(0.0, room), 0)

    def _recolor(self) -> None:
        theme = theme_for(self.palette())
        self._view.setBackground(theme.surface)
        tint = QColor(theme.warning)
        tint.setAlpha(_TINT)
        for metric, plot in self._plots.items():
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(theme.line)
                axis.setTextPen(theme.text_muted)
            dotted, dashed = Qt.PenStyle.DotLine, Qt.PenStyle.DashLine
            color_mark(self._marks[metric], self._pen(theme.text, 1.5, dotted), theme)
            color_mark(self._borders[metric], self._pen(theme.warning, 1, dashed), theme)
            color_mark(self._crosshairs[metric], self._pen(theme.control_line, 1), theme)
            self._grounds[metric].setBrush(tint)
        self._outside.setColor(theme.text_muted)
        self._outside.fill = pg.mkBrush(theme.surface)
        self._earlier.recolor(theme, self.devicePixelRatioF())
        self._is_stale = True
        self._redraw()

    def _on_mouse_moved(self, position: QPointF) -> None:
        plot = next(
            (p for p in self._plots.values() if p.sceneBoundingRect().contains(position)), None
        )
        for crosshair in self._crosshairs.values():
            crosshair.setVisible(plot is not None)
        if plot is None:
            self.read_out.emit("")
            return
        place = plot.vb.mapSceneToView(position).x()
        for crosshair in self._crosshairs.values():
            crosshair.setValue(place)
        self.read_out.emit(read_out_text(self.history, self._scale.epoch(place)))

    def _pen(
        self, color: str | QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> QPen:
        return plot_pen(color, width, self.devicePixelRatioF(), style)

    # Qt's own methods.

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange and self._plots:
            self._recolor()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._plots:
            self._recolor()


def _scale_of(history: TrainingHistory) -> EpochScale:
    return EpochScale(history.last_of_head, history.num_epochs)


def _metric_color(name: str, theme: Theme) -> QColor:
    return QColor(theme.accent if name.endswith("accuracy") else theme.info)


def _faint(color: QColor) -> QColor:
    found = QColor(color)
    found.setAlpha(_BATCH_ALPHA)
    return found
