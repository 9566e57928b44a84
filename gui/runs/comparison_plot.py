"""Curves of some runs on common axes, each in its colour."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.look.language import tr
from gui.look.theme import class_color, theme_for

_WIDTH = 2
_GRID_ALPHA = 0.15
_AXIS_WIDTH = 56


class ComparisonPlot(QWidget):
    """Show accuracy and loss of the validation split by epoch.

    Args:
        names: Of the runs, for the legend.
        histories: The epochs of each run.
    """

    def __init__(
        self,
        names: Sequence[str],
        histories: Sequence[Sequence[dict[str, Any]]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._view = pg.GraphicsLayoutWidget()
        self._plots = [
            self._make_plot(row, title, metric, factor, names, histories)
            for row, (title, metric, factor) in enumerate(
                (
                    (tr("Validation accuracy in %"), "val_accuracy", 100.0),
                    (tr("Validation loss"), "val_loss", 1.0),
                )
            )
        ]
        self._plots[1].setXLink(self._plots[0])
        self._plots[1].setLabel("bottom", tr("Epoch or iteration"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self._recolor()

    def _make_plot(
        self,
        row: int,
        title: str,
        metric: str,
        factor: float,
        names: Sequence[str],
        histories: Sequence[Sequence[dict[str, Any]]],
    ) -> pg.PlotItem:
        plot = self._view.addPlot(row=row, col=0)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.showGrid(x=False, y=True, alpha=_GRID_ALPHA)
        axis = plot.getAxis("left")
        axis.setWidth(_AXIS_WIDTH)
        axis.enableAutoSIPrefix(False)
        plot.setLabel("left", title)
        if row == 0:
            plot.addLegend(offset=(-10, -10))
        for position, (name, history) in enumerate(zip(names, histories, strict=True)):
            color = class_color(position)
            title_of_run = " ".join(name.split()) if row == 0 else None
            # A run that fine-tunes goes on in a dashed line.
            for is_tuning, style in ((False, Qt.PenStyle.SolidLine), (True, Qt.PenStyle.DashLine)):
                lines = [line for line in history if bool(line.get("is_fine_tuning")) is is_tuning]
                if not lines:
                    continue
                plot.plot(
                    np.array([line["epoch"] for line in lines], float),
                    factor * np.array([line[metric] for line in lines], float),
                    pen=pg.mkPen(color, width=_WIDTH, style=style),
                    name=title_of_run,
                    antialias=True,
                )
                title_of_run = None  # once in the legend
        return plot

    def _recolor(self) -> None:
        theme = theme_for(self.palette())
        self._view.setBackground(theme.surface)
        for plot in self._plots:
            for name in ("left", "bottom"):
                plot.getAxis(name).setPen(theme.line)
                plot.getAxis(name).setTextPen(theme.text_muted)
        legend = self._plots[0].legend
        legend.setLabelTextColor(theme.text)
        for _, label in legend.items:
            label.setText(label.text, color=theme.text)

    # Qt's own methods.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolor()
