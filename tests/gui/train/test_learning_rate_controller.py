"""The search for a learning rate in the window, with workers that only pretend."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from core.data.dataset import ImageSource
from core.messages.events import LearningRateTried
from core.messages.requests import FindLearningRateRequest
from core.settings.config import TrainConfig
from core.worker.process import WorkerProcess
from gui.train.learning_rate_controller import LearningRateController
from tests import fake_rate_finds, fake_refusals

REQUEST = FindLearningRateRequest(sources=(ImageSource(Path("pets")),), config=TrainConfig())


@pytest.fixture
def controllers(qtbot):
    """Makes a controller; sees its worker gone before the window goes."""

    def make(*targets) -> LearningRateController:
        remaining = list(targets)

        def make_process() -> WorkerProcess:
            return WorkerProcess(remaining.pop(0) if len(remaining) > 1 else remaining[0])

        def end(_window: QWidget) -> None:
            controller.kill()
            qtbot.waitUntil(lambda: not controller.is_busy)

        window = QWidget()
        controller = LearningRateController(window, make_process)
        qtbot.addWidget(window, before_close_func=end)
        return controller

    return make


def finished(qtbot, controller):
    """Waits for the end of the search that is under way."""
    qtbot.waitUntil(lambda: not controller.is_busy)


def test_a_search_ends_with_a_rate_to_take(controllers, qtbot):
    controller = controllers(fake_rate_finds.finds)
    busy = []
    controller.busy_changed.connect(busy.append)
    controller.find(REQUEST)
    assert controller.is_busy
    finished(qtbot, controller)
    assert busy == [True, False]
    assert len(controller.dialog.plot.curves()[0]) == 100
    with qtbot.waitSignal(controller.chosen) as chosen:
        controller.dialog.use.click()
    assert chosen.args == [0.0013]
    assert controller.dialog is None


def test_a_rate_for_fine_tuning_has_a_signal_of_its_own(controllers, qtbot):
    controller = controllers(fake_rate_finds.finds_one_to_fine_tune_with)
    controller.find(REQUEST)
    finished(qtbot, controller)
    with (
        qtbot.assertNotEmitted(controller.chosen),
        qtbot.waitSignal(controller.chosen_for_fine_tuning) as chosen,
    ):
        controller.dialog.use.click()
    assert chosen.args == [1.3e-5]


def test_stop_goes_by_what_was_tried(controllers, qtbot):
    controller = controllers(fake_rate_finds.until_stopped)
    controller.find(REQUEST)
    qtbot.waitUntil(lambda: len(controller.dialog.plot.curves()[0]) == 60)
    controller.dialog.stop.click()
    finished(qtbot, controller)
    assert controller.dialog.use.isEnabled()
    assert "Stopped before" in controller.dialog.status()


def test_closing_the_dialog_stops_the_worker(controllers, qtbot):
    controller = controllers(fake_rate_finds.until_stopped)
    controller.find(REQUEST)
    qtbot.waitUntil(lambda: len(controller.dialog.plot.curves()[0]) == 60)
    controller.dialog.close()
    assert controller.dialog is None
    finished(qtbot, controller)


def test_a_second_call_brings_the_dialog_to_the_front(controllers, qtbot):
    controller = controllers(fake_rate_finds.until_stopped)
    controller.find(REQUEST)
    dialog = controller.dialog
    controller.find(REQUEST)
    assert controller.dialog is dialog


def test_a_search_begun_while_the_last_one_ends_shows_only_its_own(controllers, qtbot):
    controller = controllers(fake_rate_finds.until_stopped, fake_rate_finds.finds_none)
    controller.find(REQUEST)
    qtbot.waitUntil(lambda: len(controller.dialog.plot.curves()[0]) == 60)
    controller.dialog.close()
    controller.find(REQUEST)
    controller._on_event(LearningRateTried(1e-3, 0.5, 0.5))  # on its way when the first was closed
    finished(qtbot, controller)
    assert len(controller.dialog.plot.curves()[0]) == 30
    assert "suggest no learning rate" in controller.dialog.status()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (fake_rate_finds.fails, "There is no picture in pets"),
        (fake_rate_finds.has_a_bug, "Something unexpected went wrong: division by zero"),
        (fake_rate_finds.dies, "exit code 137"),
    ],
)
def test_failures_are_shown_in_the_dialog(controllers, qtbot, target, message):
    controller = controllers(target)
    controller.find(REQUEST)
    finished(qtbot, controller)
    assert message in controller.dialog.banner.text()


@pytest.mark.parametrize("target", [fake_rate_finds.until_stopped, fake_rate_finds.finds])
def test_shutdown_leaves_no_process(controllers, qtbot, target):
    controller = controllers(target)
    controller.find(REQUEST)
    with qtbot.waitSignal(controller.shut_down):
        controller.shutdown()
    assert not controller.is_busy
    assert controller.dialog is None
    controller.find(REQUEST)
    assert not controller.is_busy


def test_shutdown_without_a_search_is_told_at_once(controllers, qtbot):
    controller = controllers(fake_rate_finds.finds)
    with qtbot.waitSignal(controller.shut_down):
        controller.shutdown()


def test_refused_backbone_is_searched_with_once_it_is_trusted(controllers, qtbot, use_anyway):
    controller = controllers(fake_refusals.refuses)
    controller.find(REQUEST)
    finished(qtbot, controller)
    refused = controller.dialog
    assert "/home/somebody/net was not run" in refused.banner.text()
    use_anyway(refused)
    qtbot.waitUntil(lambda: controller.dialog not in (None, refused), timeout=30_000)
    finished(qtbot, controller)
    assert controller.dialog.plot.rate == 0.01
