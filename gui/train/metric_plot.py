"""An empty plot of accuracy or loss with its axes."""

import pyqtgraph as pg

from gui.look.language import tr
from gui.look.theme import GRID
from gui.train.epoch_axis import EpochAxis, PercentAxis, ValueAxis

_GRID_ALPHA = 0.75
_AXIS_WIDTH = 7 * GRID


def add_metric_plot(
    view: pg.GraphicsLayoutWidget, row: int, metric: str, axis: EpochAxis
) -> pg.PlotItem:
    """Add a plot that the mouse moves along its epochs.

    Args:
        view: Gets the plot.
        metric: "accuracy" or "loss".
        axis: Of epochs, below the plot of the loss; the other one has none that is seen.
    """
    axes = {"left": ValueAxis(), "bottom": axis}
    if metric == "accuracy":
        axes = {"left": PercentAxis(), "bottom": EpochAxis()}
    plot = view.addPlot(row=row, col=0, axisItems=axes)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(x=True, y=False)
    plot.setClipToView(True)
    plot.setDownsampling(auto=True, mode="peak")
    plot.showGrid(x=False, y=True, alpha=_GRID_ALPHA)
    plot.getAxis("left").setWidth(_AXIS_WIDTH)
    # Else the last epoch is left out, half of which is beyond the axis.
    plot.getAxis("bottom").setStyle(hideOverlappingLabels=False)
    # So that its grid is behind curves and words.
    plot.getAxis("left").setZValue(-1)
    # "Accuracy (×0.001)" is for engineers.
    plot.getAxis("left").enableAutoSIPrefix(False)
    # The axis of the plot below is for both.
    plot.getAxis("bottom").setStyle(showValues=metric == "loss")
    names = {"accuracy": tr("Accuracy"), "loss": tr("Loss")}
    plot.setLabel("left", names[metric])
    return plot
