"""Pens of the training plots."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen


def plot_pen(
    color: str | QColor, width: float, ratio: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> QPen:
    """Return a pen for plots and their legend.

    Args:
        color: Its colour.
        width: In pixels at 100%.
        ratio: Pixels of the screen for one of those, which pyqtgraph's pens count: their lines
            would be thin on a dense screen.
        style: Solid, dashed or dotted.
    """
    pen: QPen = pg.mkPen(color, width=width * ratio)
    pen.setStyle(style)
    return pen
