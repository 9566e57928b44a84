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
    """How many pixels wide the samples of lines are together, by row."""
    legend.resize(width, 32)
    image = legend.grab().toImage()
    red = np.array(
        [
            [
                image.pixelColor(x, y).red() > 200 > image.pixelColor(x, y).green()
                for x in range(width)
            ]
            for y in range(32)
        ]
    )
    return [int(red[:16].any(axis=0).sum()), int(red[16:].any(axis=0).sum())]


def test_each_line_has_a_sample_and_a_name(legend):
    assert legend.names() == [*NAMES]
    for name in NAMES:
        assert name in legend.accessibleName()
        assert name in legend.toolTip()


def test_names_go_to_a_second_row_rather_than_being_lost(legend):
    [upper, lower] = red_columns(legend, 260)
    assert upper >= 2 * 24
    assert lower >= 24
    # In one row, which is in the middle.
    assert sum(red_columns(legend, 900)) >= 4 * 24
