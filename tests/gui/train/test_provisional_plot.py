"""The accuracy while pictures are analysed."""

import math
from pathlib import Path

import pytest

from core.evaluation.metrics import wilson_interval
from core.messages.events import (
    DatasetSplit,
    Phase,
    PhaseStarted,
    ProvisionalAccuracy,
    TrainingCancelled,
)
from gui.look.theme import DARK, LIGHT, make_palette
from gui.look.wording import number
from gui.train.provisional_plot import ProvisionalPlot, provisional_text
from gui.train.run_clock import RunClock
from gui.train.run_display import RunDisplay
from gui.train.train_page import TrainPage
from tests.gui.train.test_train_page import ROOM


def accuracy(num_images: int, value: float) -> ProvisionalAccuracy:
    return ProvisionalAccuracy(
        num_images, value, wilson_interval(round(value * num_images), num_images)
    )


@pytest.fixture
def plot(qtbot):
    plot = ProvisionalPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show()
    return plot


@pytest.fixture
def page(qtbot):
    page = TrainPage()
    qtbot.addWidget(page)
    page.resize(*ROOM)
    page.show()
    return page


@pytest.fixture
def display(page, qtbot):
    display = RunDisplay(page, page)
    display.begin()
    display.show(PhaseStarted(Phase.EXTRACTING_FEATURES, 4000), RunClock())
    return display


def test_points_come_one_after_the_other_with_their_bars_in_view(plot):
    plot.add(accuracy(250, 0.8))
    assert plot.points() == [(250, 80.0)]
    plot.add(accuracy(500, 0.86))
    plot.add(accuracy(1000, 0.9))
    assert plot.points() == [(250, 80.0), (500, 86.0), (1000, 90.0)]
    (left, right), (low, high) = plot._plot.viewRange()
    assert left < math.log2(250) < math.log2(1000) < right
    ends = [end for event in plot._events for end in event.interval]
    assert low < 100 * min(ends) < 100 * max(ends) < high
    bars = plot._bars.opts
    assert bars["y"][0] - bars["bottom"][0] == pytest.approx(100 * accuracy(250, 0.8).interval[0])
    assert bars["y"][2] + bars["top"][2] == pytest.approx(100 * accuracy(1000, 0.9).interval[1])


def test_the_axes_say_pictures_and_percent(plot):
    plot.add(accuracy(250, 0.8))
    plot.add(accuracy(1000, 0.9))
    left, bottom = plot._plot.getAxis("left"), plot._plot.getAxis("bottom")
    assert left.tickStrings([85.0, 90.0], 1.0, 5.0) == ["85%", "90%"]
    assert left.tickStrings([85.5], 1.0, 0.5) == ["85.5%"]
    assert [text for _, text in bottom._tickLevels[0]] == ["250", number(1000)]
    assert (left.labelText, bottom.labelText) == ("Provisional accuracy", "Pictures")


def test_all_that_is_right_stays_in_view(plot):
    plot.add(accuracy(250, 1.0))
    low, high = plot._plot.viewRange()[1]
    assert high - low >= 10
    assert high > 100


@pytest.mark.parametrize(
    ("values", "count", "percentage", "advice"),
    [
        ([0.8], 250, "80%", ""),
        ([0.8, 0.81], 500, "81%", "More pictures still help."),
        ([0.8, 0.805], 500, "81%", "More pictures help little now."),
        ([0.8, 0.9, 0.9], 1000, "90%", "More pictures still help."),
        ([0.9, 0.91, 0.912], 1000, "91%", "More pictures help little now."),
        ([0.7, 0.9, 0.9, 0.9], 2000, "90%", "More pictures help little now."),
        ([0.9, 0.85], 500, "85%", "More pictures help little now."),
    ],
)
def test_a_sentence_says_whether_more_help(plot, values, count, percentage, advice):
    events = [accuracy(250 << place, value) for place, value in enumerate(values)]
    text = f"With {number(count)} pictures about {percentage}. {advice}".strip()
    assert provisional_text(events) == text
    for event in events:
        plot.add(event)
    assert plot.text() == text


def test_it_has_the_colours_of_both_schemes(plot):
    plot.add(accuracy(250, 0.8))
    for theme in (DARK, LIGHT):
        plot.setPalette(make_palette(theme))
        assert plot._view.backgroundBrush().color().name() == theme.surface.lower()
        assert plot._line.opts["pen"].color().name() == theme.accent.lower()
        assert plot._bars.opts["pen"].color().name() == theme.text_muted.lower()
        assert plot.points() == [(250, 80.0)]


def test_it_takes_the_place_of_the_curves_until_training_begins(page, display):
    assert page.provisional is None
    display.show(accuracy(250, 0.8), RunClock())
    assert page.provisional.isVisible()
    assert not page.plot.isVisible()
    display.show(accuracy(500, 0.9), RunClock())
    assert page.provisional.points() == [(250, 80.0), (500, 90.0)]
    assert page.minimumSizeHint().width() <= ROOM[0]
    assert page.minimumSizeHint().height() <= ROOM[1]
    display.show(DatasetSplit(("a", "b"), 1, 1, 1, 0), RunClock())
    # Augmented versions are analysed like others.
    display.show(PhaseStarted(Phase.EXTRACTING_FEATURES, 8000), RunClock())
    assert page.provisional is not None
    display.show(PhaseStarted(Phase.TRAINING, 50), RunClock())
    assert page.provisional is None
    assert page.plot.isVisible()


def test_the_next_run_begins_without_points(page, display):
    display.show(accuracy(250, 0.8), RunClock())
    display.begin()
    assert page.provisional is None
    display.show(accuracy(250, 0.7), RunClock())
    assert page.provisional.points() == [(250, 70.0)]


def test_a_run_that_is_stopped_early_leaves_the_curves(page, display):
    display.show(accuracy(250, 0.8), RunClock())
    display.show(TrainingCancelled(Path("run"), None, 0), RunClock())
    assert page.provisional is None
    assert page.plot.isVisible()


def test_without_an_accuracy_the_curves_stay(page, display):
    assert page.plot.isVisible()
    display.show(PhaseStarted(Phase.TRAINING, 50), RunClock())
    assert page.plot.isVisible()
