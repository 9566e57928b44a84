"""Plots of accuracy and loss over the epochs, live."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter, QPen
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.errors import StorageError
from core.messages.events import BatchFinished, EpochFinished
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text
from gui.look.language import tr
from gui.look.theme import GRID, Theme, theme_for
from gui.look.wording import decimal, percent
from gui.train.training_history import METRICS, TrainingHistory

_REDRAW_MS = 100
_IMAGE_SCALE = 2
_BATCH_ALPHA = 90
_AXIS_WIDTH = 7 * GRID
# Beyond 0 and 1, so that a line there can be seen.
_ACCURACY_MARGIN = 0.02


class TrainingPlot(QWidget):
    """Show two plots above each other with one x axis: training solid, validation dashed.

    Between epochs the training's batches are drawn thin; earlier runs are grey. The best epoch
    is marked, and so is where fine-tuning begins. The view moves by dragging and zooms by the
    wheel; `fit` shows all again.

    Signals:
        read_out: The values under the mouse, as text; "" beside the plots.
    """

    read_out = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = TrainingHistory()
        self._earlier: list[TrainingHistory] = []
        self._is_stale = False
        self._plots: dict[str, pg.PlotItem] = {}
        self._lines: dict[str, pg.PlotDataItem] = {}
        self._earlier_lines: list[tuple[str, pg.PlotDataItem]] = []
        self._marks: dict[str, pg.InfiniteLine] = {}
        self._borders: dict[str, pg.InfiniteLine] = {}
        self._num_epochs = 0
        self._crosshairs: dict[str, pg.InfiniteLine] = {}
        self._view = pg.GraphicsLayoutWidget()
        # The window takes drops, wherever they happen.
        self._view.setAcceptDrops(False)
        self._view.viewport().setAcceptDrops(False)
        self._view.setAccessibleName(tr("Plots of accuracy and loss"))
        self._view.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._view.setMinimumHeight(26 * GRID)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        for row, metric in enumerate(METRICS):
            self._make_plot(row, metric)
        view = self._plots["accuracy"].vb
        view.setLimits(yMin=-_ACCURACY_MARGIN, yMax=1 + _ACCURACY_MARGIN)
        view.sigXRangeChanged.connect(self._place_labels)
        self._plots["loss"].setXLink(self._plots["accuracy"])
        self._plots["loss"].setLabel("bottom", tr("Epoch"))
        self._names_iterations = False
        self._recolor()
        self._timer = QTimer(self, interval=_REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self._timer.start()

    def start(self, num_epochs: int) -> None:
        """Start a new run; the previous one stays as an earlier run."""
        if self.history.curves["accuracy"].epochs:
            self.add_earlier_run(self.history)
        self.history = TrainingHistory()
        self._is_stale = True
        self._make_room(num_epochs)
        for plot in self._plots.values():
            plot.enableAutoRange(axis="y")

    def add_batch(self, event: BatchFinished) -> None:
        """Add steps of the run; drawn within a tenth of a second."""
        self.history.add_batch(event)
        self._is_stale = True

    def add_epoch(self, event: EpochFinished) -> None:
        """Add an epoch of the run."""
        self.history.add_epoch(event)
        self._is_stale = True
        # Fewer when the head stopped early and fine-tuning begins.
        if event.num_epochs != self._num_epochs:
            self._make_room(event.num_epochs)

    def load_history(self, lines: Sequence[dict[str, Any]]) -> None:
        """Show a finished run from its run folder."""
        self.history = TrainingHistory()
        self.history.load(lines)
        self._is_stale = True
        self.fit()

    def add_earlier_run(self, history: TrainingHistory) -> None:
        """Draw a run in grey behind the current one."""
        theme = theme_for(self.palette())
        self._earlier.append(history)
        for metric in METRICS:
            curve = history.curves[f"val_{metric}"]
            item = self._plots[metric].plot(curve.epochs, curve.values)
            item.setPen(_pen(theme.earlier_run, dashed=True))
            item.setZValue(-10)
            self._earlier_lines.append((metric, item))

    def clear(self) -> None:
        """Remove this and all earlier runs."""
        self.history = TrainingHistory()
        self._earlier.clear()
        for metric, item in self._earlier_lines:
            self._plots[metric].removeItem(item)
        self._earlier_lines.clear()
        self._is_stale = True

    def fit(self) -> None:
        """Show everything."""
        for plot in self._plots.values():
            plot.enableAutoRange()

    def curves(self) -> dict[str, tuple[list[float], list[float]]]:
        """Return what is drawn: epochs and values by name, such as `val_accuracy`."""
        self._redraw()
        drawn = {}
        for name, line in self._lines.items():
            epochs, values = line.getOriginalDataset()
            empty = epochs is None
            drawn[name] = ([], []) if empty else (list(epochs), list(values))
        return drawn

    @property
    def num_earlier_runs(self) -> int:
        """The number of runs drawn in grey."""
        return len(self._earlier)

    @property
    def fine_tuning_mark(self) -> float | None:
        """The epoch at which the start of fine-tuning is marked; None without a mark."""
        self._redraw()
        border = self._borders["accuracy"]
        return float(border.value()) if border.isVisible() else None

    def save_image(self, path: Path) -> None:
        """Write the plots as PNG or, by the file's suffix, as SVG.

        Raises:
            StorageError: If the file can't be written.
        """
        area = self._view.viewport().rect()
        # pyqtgraph's own exporter of SVG stumbles over the paths that Qt 6 draws.
        if path.suffix.lower() == ".svg":
            buffer = QBuffer()
            buffer.open(QBuffer.OpenModeFlag.WriteOnly)
            generator = QSvgGenerator()
            generator.setOutputDevice(buffer)
            generator.setSize(area.size())
            generator.setViewBox(area)
            self._paint(generator)
            write_bytes_atomically(path, bytes(buffer.data().data()))
            return
        image = QImage(_IMAGE_SCALE * area.size(), QImage.Format.Format_RGB32)
        image.fill(QColor(theme_for(self.palette()).surface))
        self._paint(image)
        if not image.save(str(path)):
            raise StorageError(
                Text("%1 can't be written. Check the folder and the free space.", str(path))
            )

    def _make_room(self, num_epochs: int) -> None:
        self._num_epochs = num_epochs
        for plot in self._plots.values():
            plot.setXRange(0, num_epochs, padding=0.02)

    def _paint(self, device: QPaintDevice) -> None:
        painter = QPainter(device)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._view.render(painter)
        painter.end()

    def _make_plot(self, row: int, metric: str) -> None:
        plot = self._view.addPlot(row=row, col=0)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        plot.setClipToView(True)
        plot.setDownsampling(auto=True, mode="peak")
        plot.showGrid(x=False, y=True, alpha=0.15)
        plot.getAxis("left").setWidth(_AXIS_WIDTH)
        # "Accuracy (×0.001)" is for engineers.
        plot.getAxis("left").enableAutoSIPrefix(False)
        names = {"accuracy": tr("Accuracy"), "loss": tr("Loss")}
        plot.setLabel("left", names[metric])
        self._plots[metric] = plot
        for prefix in ("batch_", "", "val_"):
            self._lines[prefix + metric] = plot.plot([], [])
        # Labels at different heights: the best epoch may be the first of fine-tuning.
        self._marks[metric] = _add_line(plot, {"position": 0.06})
        self._borders[metric] = _add_line(plot, {"position": 0.16})
        self._crosshairs[metric] = _add_line(plot)

    def _redraw(self) -> None:
        if not self._is_stale:
            return
        self._is_stale = False
        for name, line in self._lines.items():
            curve = self.history.curves[name]
            line.setData(curve.epochs, curve.values)
        self._name_axis()
        best = self.history.best_epoch
        for metric, mark in self._marks.items():
            mark.setVisible(best > 0)
            mark.setValue(best)
            text = tr("best: epoch %1", str(best))
            if self.history.is_iteration(best):
                text = tr("best: iteration %1", str(best))
            mark.label.setFormat(text if metric == "accuracy" else "")
        border_at = self.history.last_of_head
        for metric, border in self._borders.items():
            border.setVisible(border_at is not None)
            border.setValue(border_at or 0)
            border.label.setFormat(tr("fine-tuning") if metric == "accuracy" else "")
        self._place_labels()

    def _name_axis(self) -> None:
        if self.history.is_exact != self._names_iterations:
            self._names_iterations = self.history.is_exact
            name = tr("Iteration") if self._names_iterations else tr("Epoch")
            self._plots["loss"].setLabel("bottom", name)

    def _place_labels(self) -> None:
        """Put the labels on the side of their line that is farther from the other line."""
        mark, border = self._marks["accuracy"], self._borders["accuracy"]
        begin, end = self._plots["accuracy"].vb.viewRange()[0]
        for line, other in ((mark, border), (border, mark)):
            place, stops = line.value(), [begin, end]
            if other.isVisible() and other.value() != place:
                stops.append(other.value())
            to_left = place - max((stop for stop in stops if stop < place), default=place)
            to_right = min((stop for stop in stops if stop > place), default=place) - place
            line.label.anchors = 2 * [(0, 0.5) if to_right >= to_left else (1, 0.5)]
            line.label.updatePosition()

    def _recolor(self) -> None:
        theme = theme_for(self.palette())
        self._view.setBackground(theme.surface)
        for metric in METRICS:
            plot = self._plots[metric]
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(theme.line)
                axis.setTextPen(theme.text_muted)
            self._color_lines(metric, theme)
        for _, item in self._earlier_lines:
            item.setPen(_pen(theme.earlier_run, dashed=True))

    def _color_lines(self, metric: str, theme: Theme) -> None:
        color = theme.accent if metric == "accuracy" else theme.info
        faint = QColor(color)
        faint.setAlpha(_BATCH_ALPHA)
        self._lines[f"batch_{metric}"].setPen(_pen(faint))
        self._lines[metric].setPen(_pen(color))
        self._lines[f"val_{metric}"].setPen(_pen(color, dashed=True))
        self._marks[metric].setPen(_pen(theme.text_muted, dotted=True))
        self._marks[metric].label.setColor(theme.text_muted)
        self._borders[metric].setPen(_pen(theme.warning, dashed=True))
        self._borders[metric].label.setColor(theme.warning)
        self._crosshairs[metric].setPen(_pen(theme.control_line))

    def _on_mouse_moved(self, position: QPointF) -> None:
        plot = next(
            (p for p in self._plots.values() if p.sceneBoundingRect().contains(position)), None
        )
        for crosshair in self._crosshairs.values():
            crosshair.setVisible(plot is not None)
        if plot is None:
            self.read_out.emit("")
            return
        epoch = plot.vb.mapSceneToView(position).x()
        for crosshair in self._crosshairs.values():
            crosshair.setValue(epoch)
        self._read_out(epoch)

    def _read_out(self, epoch: float) -> None:
        """Emit the values at an epoch."""
        curves = self.history.curves
        number = max(1, round(epoch))
        lines = [tr("Epoch %1", str(number))]
        if self.history.is_iteration(number):
            lines = [tr("Iteration %1", str(number))]
        names = {
            "accuracy": tr("accuracy"),
            "val_accuracy": tr("validation accuracy"),
            "loss": tr("loss"),
            "val_loss": tr("validation loss"),
        }
        for name, text in names.items():
            value = curves[name].value_near(round(epoch))
            if value is not None:
                figure = percent(value) if name.endswith("accuracy") else decimal(value, 3)
                lines.append(tr("%1: %2", text, figure))
        self.read_out.emit(" · ".join(lines) if len(lines) > 1 else "")

    # Qt's own methods.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._plots:
            self._recolor()


def _add_line(plot: pg.PlotItem, label: dict[str, float] | None = None) -> pg.InfiniteLine:
    """Add a vertical line, hidden for now, that the view's range ignores."""
    text = None if label is None else ""
    line = pg.InfiniteLine(angle=90, movable=False, label=text, labelOpts=label)
    line.hide()
    plot.addItem(line, ignoreBounds=True)
    return line


def _pen(color: str | QColor, *, dashed: bool = False, dotted: bool = False) -> QPen:
    # Wider than one pixel, a curve takes six times as long to draw.
    pen: QPen = pg.mkPen(color, width=1)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    if dotted:
        pen.setStyle(Qt.PenStyle.DotLine)
    return pen
