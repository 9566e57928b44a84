import math

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from core.messages.events import (
    LearningRateFound,
    LearningRateTried,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RequestFailed,
    Warned,
)
from gui.look.theme import DARK, LIGHT, make_palette
from gui.train.learning_rate_dialog import LearningRateDialog
from tests.fake_rate_finds import RATES, SUGGESTION, tried


@pytest.fixture
def dialog(qtbot):
    dialog = LearningRateDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def hear(dialog, *events, count=100):
    """The events of a search up to its end."""
    dialog.show_event(PhaseStarted(Phase.FINDING_LEARNING_RATE, 100))
    for event in tried(count):
        dialog.show_event(event)
    dialog.show_event(PhaseProgressed(Phase.FINDING_LEARNING_RATE, count, 100, 50.0))
    for event in events:
        dialog.show_event(event)


def test_losses_arrive_while_rates_are_tried(dialog):
    hear(dialog, count=40)
    rates, losses, means = dialog.plot.curves()
    assert rates == [event.learning_rate for event in tried(40)]
    assert losses == [event.loss for event in tried(40)]
    assert means == [event.smoothed_loss for event in tried(40)]
    assert dialog.is_searching
    assert "40 of 100" in dialog.status()
    assert not dialog.use.isEnabled()
    assert dialog.plot.rate is None


def test_losses_that_run_away_leave_the_curve_its_room(dialog):
    hear(dialog, LearningRateTried(12.0, 80.0, 25.0), LearningRateTried(15.0, float("nan"), 40.0))
    means = [event.smoothed_loss for event in tried()]
    _, (low, high) = dialog.plot.ranges()
    assert 0.8 * min(means) < low < min(means)
    assert max(event.loss for event in tried(5)) <= high < 1.5 * max(means)


def test_all_rates_that_were_tried_are_in_view(dialog):
    hear(dialog, LearningRateTried(100.0, 9.0, 3.0), count=30)
    (left, right), _ = dialog.plot.ranges()
    assert left <= math.log10(RATES[0]) < left + 0.5
    assert 2.0 <= right < 2.5


@pytest.mark.parametrize("loss", [0.0, float("nan")])
def test_losses_without_a_range_are_drawn_all_the_same(dialog, loss):
    hear(dialog, LearningRateTried(1e-6, loss, loss), count=0)
    assert dialog.plot.curves()[0] == [1e-6]


def test_the_two_lines_are_explained(dialog):
    texts = [label.text() for label in dialog.plot.findChildren(QLabel)]
    assert texts == ["Thin line: each step. Thick line: smoothed."]


def test_the_suggestion_is_said_marked_and_offered(dialog, qtbot):
    hear(dialog, LearningRateFound(SUGGESTION))
    assert dialog.status().startswith(
        "Suggested learning rate: 0.0013. At this rate the loss falls fast and"
    )
    assert dialog.plot.rate == pytest.approx(SUGGESTION)
    assert dialog.use.text() == "Use 0.0013"
    assert not dialog.is_searching
    assert not dialog.stop.isEnabled()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.keyClick(dialog.use, Qt.Key.Key_Return)
    assert chosen.args == [0.0013]
    assert not dialog.isVisible()


def test_a_moved_line_is_what_is_taken(dialog, qtbot):
    hear(dialog, LearningRateFound(SUGGESTION))
    dialog.plot._line.setValue(-4.0)
    assert dialog.use.text() == "Use 0.0001"
    for _ in range(20):
        qtbot.keyClick(dialog.plot, Qt.Key.Key_Right)
    assert dialog.use.text() == "Use 0.001"
    qtbot.keyClick(dialog.plot, Qt.Key.Key_Left)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.use.click()
    assert chosen.args == [0.00089]


def test_a_suggestion_for_fine_tuning_says_so(dialog):
    hear(dialog, LearningRateFound(1.27e-5, is_fine_tuning=True))
    assert dialog.status().startswith("Suggested for fine-tuning: 0.000013.")
    assert dialog.is_fine_tuning


def test_no_suggestion_is_explained(dialog, qtbot):
    hear(dialog, LearningRateFound(None))
    assert "suggest no learning rate" in dialog.status()
    assert not dialog.use.isEnabled()
    qtbot.keyClick(dialog.plot, Qt.Key.Key_Right)
    assert not dialog.use.isEnabled()


def test_a_stop_is_asked_for_once_and_then_told(dialog, qtbot):
    hear(dialog, count=60)
    with qtbot.waitSignal(dialog.stop_requested):
        dialog.stop.click()
    assert not dialog.stop.isEnabled()
    dialog.show_event(LearningRateFound(SUGGESTION, is_complete=False))
    assert dialog.status().startswith("Stopped before all rates were tried. Suggested")


def test_a_failure_is_shown_in_its_place_with_details(dialog):
    hear(dialog, RequestFailed("There is no picture in pets. Add some.", "Traceback"), count=3)
    assert dialog.banner.text() == "There is no picture in pets. Add some."
    assert dialog.banner.isVisible()
    assert dialog.status() == "No learning rate was found."
    assert not dialog.is_searching


def test_what_the_worker_notes_is_shown(dialog):
    dialog.show_event(Warned("pets has two classes of one picture."))
    assert dialog.banner.text() == "pets has two classes of one picture."


def test_nothing_jumps_when_the_search_ends(dialog):
    hear(dialog)
    QApplication.processEvents()
    before = dialog.plot.geometry()
    dialog.show_event(LearningRateFound(SUGGESTION))
    QApplication.processEvents()
    assert dialog.plot.geometry() == before


def test_escape_closes_and_all_is_named(dialog, qtbot):
    for widget in (dialog.plot, dialog.use, dialog._progress):
        assert widget.accessibleName()
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colors_follow_the_scheme(dialog, theme):
    hear(dialog, LearningRateFound(SUGGESTION))
    dialog.setPalette(make_palette(theme))
    QApplication.processEvents()
    means = dialog.plot._means.opts["pen"].color().name().upper()
    assert means == theme.info
    assert dialog.plot._line.pen.color().name().upper() == theme.accent
