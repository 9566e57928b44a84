"""Experiments in the window: from the form to the result, beside training and closing."""

import threading

import pytest
from PySide6.QtWidgets import QMessageBox

from core.experiments.experiment import State
from core.experiments.experiment_file import read_experiment
from core.worker.process import WorkerProcess
from gui.look.theme import SchemeChoice, ThemeSwitch
from gui.project.settings import Settings
from gui.window.fieldguide_window import FieldguideWindow
from tests import fake_runs
from tests.core.experiments.fake_worker import FakeWorkers
from tests.program import SAMPLE


class Pace:
    """Lets the first run wait at its third epoch."""

    def __init__(self, workers: FakeWorkers) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()
        workers.on_epoch = self._wait

    def _wait(self, request: int, epoch: int) -> None:
        if (request, epoch) == (0, 3):
            self.reached.set()
            assert self.go_on.wait(20)


@pytest.fixture
def workers():
    return FakeWorkers()


@pytest.fixture
def window(qtbot, make_window, pets, workers):
    window = make_window(pets)
    window.experiments.work._make_process = workers
    window.window.show_page(window.train_page)
    qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=20_000)
    return window


def start(qtbot, window, setting="validation_split"):
    window.train_page.form.rows[setting].try_button().click()
    dialog = window.experiments.controller.dialog
    assert dialog.rows[0].setting == setting
    qtbot.waitUntil(dialog.start.isEnabled, timeout=20_000)
    dialog.start.click()


def wait_for_end(qtbot, window):
    return qtbot.waitSignal(
        window.experiments.work.running_changed,
        timeout=60_000,
        check_params_cb=lambda running: not running,
    )


def test_from_a_setting_to_the_result(qtbot, window):
    with wait_for_end(qtbot, window):
        start(qtbot, window)
        assert window.window.page is window.experiments_page
    page = window.experiments_page
    qtbot.waitUntil(lambda: page.state() == "9 runs", timeout=20_000)
    entry = window.project.entry
    assert page.chosen_folder().parent == entry.experiments_dir
    experiment = read_experiment(page.chosen_folder())
    assert experiment.state is State.FINISHED
    assert len(entry.runs()) == len(experiment.runs)
    window.window.show_page(window.runs_page)
    qtbot.waitUntil(lambda: len(window.runs_page.model.rows) == len(experiment.runs))


def test_no_training_and_no_other_project_meanwhile(qtbot, window, workers):
    pace = Pace(workers)
    panel = window.train_page.panel
    with wait_for_end(qtbot, window):
        start(qtbot, window)
        qtbot.waitUntil(pace.reached.is_set, timeout=20_000)
        assert not panel.start.isEnabled()
        assert window.train_page.expected() == "An experiment is in progress."
        window.training.start()
        assert not window.training.is_running
        assert not window.actions.new.isEnabled()
        entry = window.project.entry
        window.library_page.new_requested.emit()
        assert window.project.entry is entry
        pace.go_on.set()
    assert panel.start.isEnabled()
    assert window.actions.new.isEnabled()


def test_closing_asks_and_keeps_what_is_trained(qtbot, window, workers):
    pace = Pace(workers)
    start(qtbot, window)
    qtbot.waitUntil(pace.reached.is_set, timeout=20_000)
    window.quit()
    box = window.window.findChild(QMessageBox, "Close while training")
    assert "An experiment is in progress." in box.text()
    stop, stay = box.buttons()
    assert stay.text() == "Keep open"
    with qtbot.waitSignal(window.closing.closed, timeout=30_000):
        stop.click()
        pace.go_on.set()
    (folder,) = window.project.entry.experiments_dir.iterdir()
    assert read_experiment(folder).state is State.UNFINISHED


def test_the_menu_offers_ready_made_ones(qtbot, window):
    window.actions.experiment.trigger()
    dialog = window.experiments.controller.dialog
    assert dialog.wish().ready is not None
    dialog.reject()


def test_while_training_no_experiment_begins(qtbot, make_window, pets):
    window = make_window(pets, target=fake_runs.until_stopped)
    window.window.show_page(window.train_page)
    qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=20_000)
    window.training.start()
    window.actions.experiment.trigger()
    dialog = window.experiments.controller.dialog
    qtbot.waitUntil(
        lambda: dialog.expected() == "Wait until training has finished.", timeout=20_000
    )
    assert not dialog.start.isEnabled()
    dialog.reject()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_real_experiment(qtbot, app):
    """With TensorFlow, on the sample images."""
    window = FieldguideWindow(Settings(), ThemeSwitch(app, SchemeChoice.LIGHT), WorkerProcess)
    with qtbot.waitSignal(window.project.opened):
        window.start([SAMPLE])
    try:
        window.window.show_page(window.train_page)
        qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=60_000)
        window.actions.experiment.trigger()
        dialog = window.experiments.controller.dialog
        dialog.ready.setCurrentIndex(dialog.ready.count() - 1)
        row = dialog.rows[0]
        row.settings.setCurrentIndex(row.settings.findData("images_per_class"))
        row.values.setText("2, 4, 0")
        dialog.seeds.setValue(2)
        qtbot.waitUntil(dialog.start.isEnabled, timeout=60_000)
        with qtbot.waitSignal(
            window.experiments.work.running_changed,
            timeout=500_000,
            check_params_cb=lambda running: not running,
        ):
            dialog.start.click()
        page = window.experiments_page
        qtbot.waitUntil(lambda: len(page.plot.means()) == 3, timeout=60_000)
        experiment = read_experiment(page.chosen_folder())
        assert experiment.state is State.FINISHED
        assert len({run.test_key for run in experiment.runs}) == 2
        assert page.sentence().startswith(("Twice as many pictures", "Too few points"))
        assert page.plot.ticks()[0] == "6"
    finally:
        with qtbot.waitSignal(window.closing.closed, timeout=60_000):
            window.closing.close_without_asking()
        window.window.deleteLater()
        window.deleteLater()
