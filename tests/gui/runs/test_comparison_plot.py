import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from gui.look.theme import DARK, LIGHT, SchemeChoice, ThemeSwitch, class_color
from gui.runs.comparison_plot import ComparisonPlot


def epochs(*accuracies: float, tuned: int = 0) -> list[dict[str, object]]:
    frozen = len(accuracies) - tuned
    return [
        {
            "epoch": number,
            "val_accuracy": accuracy,
            "val_loss": 1 - accuracy,
            "is_fine_tuning": number > frozen,
        }
        for number, accuracy in enumerate(accuracies, 1)
    ]


@pytest.fixture
def plot(qtbot):
    plot = ComparisonPlot(
        ("first", "second\nline"), (epochs(0.5, 0.75, 0.8), epochs(0.4, 0.6, 0.7, 0.9, tuned=2))
    )
    qtbot.addWidget(plot)
    return plot


def curves(plot: ComparisonPlot, row: int) -> list:
    return plot._plots[row].listDataItems()


def test_each_run_is_a_curve_in_percent_and_in_loss(plot):
    accuracy = [list(curve.yData) for curve in curves(plot, 0)]
    assert accuracy == [[50.0, 75.0, 80.0], [40.0, 60.0], [70.0, 90.0]]
    loss = [list(curve.yData) for curve in curves(plot, 1)]
    assert loss[0] == pytest.approx([0.5, 0.25, 0.2])
    assert [list(curve.xData) for curve in curves(plot, 0)][2] == [3.0, 4.0]


def test_runs_have_colours_of_their_own_and_fine_tuning_is_dashed(plot):
    pens = [curve.opts["pen"] for curve in curves(plot, 0)]
    assert [pen.color().name() for pen in pens] == [
        QColor(class_color(0)).name(),
        QColor(class_color(1)).name(),
        QColor(class_color(1)).name(),
    ]
    styles = [pen.style() for pen in pens]
    assert styles == [Qt.PenStyle.SolidLine, Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine]


def test_the_legend_names_each_run_once(plot):
    legend = plot._plots[0].legend
    assert [label.text for _, label in legend.items] == ["first", "second line"]


def test_a_run_that_was_tuned_from_its_first_epoch_on_is_in_the_legend(qtbot):
    plot = ComparisonPlot(("tuned",), (epochs(0.5, 0.6, tuned=2),))
    qtbot.addWidget(plot)
    assert [label.text for _, label in plot._plots[0].legend.items] == ["tuned"]


def test_runs_without_epochs_are_no_reason_to_fail(qtbot):
    plot = ComparisonPlot(("first", "second"), ([], []))
    qtbot.addWidget(plot)
    assert curves(plot, 0) == []


def test_texts_follow_the_scheme(app, plot):
    switch = ThemeSwitch(app, SchemeChoice.LIGHT)
    plot.show()
    for choice, theme in ((SchemeChoice.DARK, DARK), (SchemeChoice.LIGHT, LIGHT)):
        switch.choose(choice)
        app.processEvents()
        pen = plot._plots[0].getAxis("left").textPen()
        assert pen.color().name() == QColor(theme.text_muted).name()
