"""Where values are on the axis, and what is said of them."""

import pytest

from core.experiments.experiment import Experiment
from gui.experiments.experiment_plot import ExperimentPlot
from gui.experiments.experiment_view import ExperimentView, make_view
from gui.experiments.groups_model import make_rows
from tests.gui.experiments.conftest import made


@pytest.fixture
def view(tmp_path):
    def make(experiment: Experiment) -> ExperimentView:
        return make_view(tmp_path, experiment)

    return make


@pytest.mark.parametrize(
    ("tried", "xs"),
    [
        ("batch-size=4,8,16,32", [0.602, 0.903, 1.204, 1.505]),
        ("learning-rate=0.001,0.1", [-3, -1]),
        ("epochs=10,20,30", [10, 20, 30]),
        ("dropout=0,0.1,0.2", [0, 0.1, 0.2]),
        ("fine-tune-fraction=0.2,0.1", [10, 20]),
        ("optimizer=adam,sgd", [0, 1]),
    ],
)
def test_powers_have_a_logarithmic_axis_and_words_their_order(view, tried, xs):
    found = view(made(tried))
    assert [each.x for each in found.groups] == pytest.approx(xs, abs=0.001)
    assert found.is_joined is ("optimizer" not in tried)


def test_values_are_named_as_the_form_does(view):
    assert [each.name for each in view(made("fine-tune-fraction=0.1,0.25")).groups] == [
        "10%",
        "25%",
    ]
    assert [each.name for each in view(made("fine-tune=off,on")).groups] == ["Fast", "Fine-tuned"]
    first = view(made("batch-size=4,8", "learning-rate=0.1,1")).groups[0]
    assert (first.name, first.tick) == ("Batch size 4, Learning rate 0.1", "4, 0.1")


COUNTS = {5: 15, 10: 30, 20: 60, 50: 150, 0: 300}


def learning_curve(**values) -> Experiment:
    return made(
        "images-per-class=5,10,20,50,0",
        accuracy=lambda settings, seed: (
            1 - 0.6 * COUNTS[settings["images_per_class"]] ** -0.5 + (0.002, -0.003, 0.001)[seed]
        ),
        num_training=lambda settings: COUNTS[settings["images_per_class"]],
        **values,
    )


def test_a_learning_curve_is_drawn_to_twice_the_pictures(view, qtbot):
    found = view(learning_curve())
    assert [each.tick for each in found.groups] == ["15", "30", "60", "150", "300"]
    assert 10 ** found.curve[0].x == pytest.approx(15)
    assert 10 ** found.curve[-1].x == pytest.approx(600)
    for point in found.curve:
        assert point.accuracy.low <= point.accuracy.value <= point.accuracy.high
    assert found.conclusion.sentence.startswith("Twice as many pictures would bring about")
    plot = ExperimentPlot()
    qtbot.addWidget(plot)
    plot.show_view(found)
    assert len(plot.means()) == 5
    assert plot.ticks() == ["15", "30", "60", "150", "300"]


def test_a_learning_curve_that_has_begun_has_no_curve_yet(view):
    found = view(learning_curve(num_done=2))
    assert found.curve == ()
    assert len(found.groups) == 5


def test_the_table_marks_the_best_and_tells_repeats_and_failures(view):
    experiment = made(
        "batch-size=4,32", accuracy=lambda s, seed: 0.5 + s["batch_size"] / 100 + seed / 1000
    )
    first, second = make_rows(view(experiment))
    assert (first.is_best, second.is_best) == (False, True)
    assert second.num_planned == 3


def test_the_plot_shows_means_in_percent_and_another_experiment_replaces_them(view, qtbot):
    plot = ExperimentPlot()
    qtbot.addWidget(plot)
    plot.show_view(view(made("optimizer=adam,sgd", accuracy=lambda s, seed: 0.25)))
    assert plot.means() == [(0, 25), (1, 25)]
    assert plot.ticks() == ["Adam", "SGD"]
    plot.show_view(view(made("epochs=10,20,30", accuracy=lambda s, seed: 0.5)))
    assert plot.means() == [(10, 50), (20, 50), (30, 50)]
    plot.show_view(None)
    assert plot.means() == []


def test_ticks_that_would_run_into_each_other_are_left_out(view, qtbot):
    plot = ExperimentPlot()
    qtbot.addWidget(plot)
    plot.show_view(view(made("dropout=0,0.01,0.02,0.5,0.9")))
    assert plot.ticks() == ["0", "0.5", "0.9"]
