import numpy as np
import pytest
from PySide6.QtGui import QColor, QPen

from gui.train.plot_legend import LegendEntry, PlotLegend

NAMES = ("Training", "Validation", "Batches", "Earlier: 2026-11-28 07.46.59")


@pytest.fixture
def legend(qtbot):
    legend = PlotLegend()
    qtbot.addWidget(legend)
    legend.set_entries([LegendEntry(name, QPen(QColor("#FF0000"), 2)) for name in NAMES])
    return legend


def red_columns(legend, width):
    """How many pixels wide the samples of lines are: in the upper row, a single one, the lower."""
    legend.resize(width, 32)
    image = legend.grab().toImage()
    colors = [[image.pixelColor(x, y) for x in range(width)] for y in range(32)]
    red = np.array([[color.red() > 200 > color.green() for color in row] for row in colors])
    return [
        int(red[rows].any(axis=0).sum()) for rows in (slice(4, 12), slice(14, 18), slice(20, 28))
    ]


def test_each_line_has_a_sample_and_a_name(legend):
    assert legend.names() == [*NAMES]
    for name in NAMES:
        assert name in legend.accessibleName()
        assert name in legend.toolTip()


def test_names_go_to_a_second_row_rather_than_being_lost(legend):
    upper, single, lower = red_columns(legend, 260)
    assert upper >= 2 * 24
    assert single == 0
    assert lower >= 2 * 24
    upper, single, lower = red_columns(legend, 900)
    assert (upper, lower) == (0, 0)
    assert single >= 4 * 24
