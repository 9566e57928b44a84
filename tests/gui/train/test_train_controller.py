"""Real spawned children that train nothing, and at the end one that does."""

import os
import signal

import pytest
from PySide6.QtWidgets import QPushButton

from core.backbones.catalogue import catalogue
from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS
from core.runs.run_folder import RunFolder
from core.runs.speed_record import recorded_speed
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.settings.presets import Preset
from core.worker.process import WorkerProcess
from gui.train.train_controller import TrainController
from gui.train.train_page import TrainPage
from tests import fake_refusals, fake_runs
from tests.program import SAMPLE

NO_PROBLEM = ""


@pytest.fixture
def page(qtbot):
    page = TrainPage()
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    return page


@pytest.fixture
def make(qtbot, page):
    made = []

    def make_controller(target):
        controller = TrainController(page, lambda: WorkerProcess(target))
        controller.set_images([ImageSource(SAMPLE)], NO_EDITS, 48, NO_PROBLEM)
        made.append(controller)
        return controller

    yield make_controller
    for controller in made:
        with qtbot.waitSignal(controller.shut_down, timeout=30_000):
            controller.kill()
            controller.shutdown()


def run_to_the_end(qtbot, controller, action=None):
    ended = controller.running_changed
    with qtbot.waitSignal(ended, timeout=60_000, check_params_cb=lambda running: not running):
        (action or controller.start)()


def test_start_needs_images(page, make):
    controller = make(fake_runs.finishes)
    controller.set_images([], NO_EDITS, 0, "Add pictures first.")
    assert not page.panel.start.isEnabled()
    assert page.expected() == "Add pictures first."
    controller.start()
    assert not controller.is_running


def test_start_says_how_long_it_will_take(page, make):
    make(fake_runs.finishes)
    assert page.panel.start.isEnabled()
    assert page.expected().startswith("48 pictures, about ")


def test_a_projects_own_address_is_asked_for_once(qtbot, page, make):
    controller = make(fake_runs.finishes)
    config = TrainConfig(backbone="https://example.org/<b>backbone</b>")
    controller.set_config(config)
    controller.start()
    assert not controller.is_running
    assert config.backbone in page.banner.text()
    (button,) = page.banner.buttons().values()
    run_to_the_end(qtbot, controller, button.click)
    run_to_the_end(qtbot, controller)


def test_addresses_of_both_backbones_are_asked_for_at_once(qtbot, page, make):
    controller = make(fake_runs.finishes)
    first, second = "https://example.org/first", "https://example.org/second"
    controller.set_config(TrainConfig(backbone=first, second_backbone=second))
    controller.start()
    assert not controller.is_running
    assert first in page.banner.text()
    assert second in page.banner.text()
    (button,) = page.banner.buttons().values()
    run_to_the_end(qtbot, controller, button.click)
    run_to_the_end(qtbot, controller)


def test_a_second_backbone_of_an_own_address_is_asked_for(qtbot, page, make):
    controller = make(fake_runs.finishes)
    config = TrainConfig(second_backbone="https://example.org/second")
    controller.set_config(config)
    controller.start()
    assert not controller.is_running
    assert config.second_backbone in page.banner.text()
    assert config.backbone not in page.banner.text()


def test_a_known_address_is_not_asked_for(qtbot, page, make):
    controller = make(fake_runs.finishes)
    controller.set_config(TrainConfig(backbone=catalogue()[0].handle))
    run_to_the_end(qtbot, controller)


def test_events_reach_plots_values_and_signals(qtbot, page, make):
    controller = make(fake_runs.finishes)
    started, finished = [], []
    controller.run_started.connect(started.append)
    controller.run_finished.connect(finished.append)
    run_to_the_end(qtbot, controller, page.panel.start.click)
    curves = page.plot.curves()
    assert curves["accuracy"] == ([1, 2, 3], [0.5, 0.6, 0.7])
    assert curves["val_loss"] == ([1, 2, 3], [0.9, 0.5, 0.6])
    assert curves["batch_accuracy"][0] == [0.5, 1.5, 2.5]
    assert page.plot.history.best_epoch == 2
    assert "75.0%" in page.panel.result()
    assert page.panel.values().startswith("Epoch 3 of 3: accuracy 70.0%")
    assert started == finished == [fake_runs.RUN_DIR]
    assert "1 picture left out" in page.banner.text()


def test_settings_are_locked_while_a_run_goes_on(qtbot, page, make):
    controller = make(fake_runs.until_stopped)
    with qtbot.waitSignal(controller.run_started, timeout=30_000):
        controller.start()
    assert not page.form.rows["epochs"].editor.isEnabled()
    assert not page.panel.start.isEnabled()
    assert page.panel.stop.isEnabled()
    run_to_the_end(qtbot, controller, page.panel.stop.click)
    assert page.form.rows["epochs"].editor.isEnabled()
    assert page.panel.start.isEnabled()


def test_stop_keeps_the_best_and_offers_to_resume(qtbot, page, make):
    controller = make(fake_runs.until_stopped)
    finished = []
    controller.run_finished.connect(finished.append)
    with qtbot.waitSignal(controller.run_started, timeout=30_000):
        controller.start()
    run_to_the_end(qtbot, controller, page.panel.stop.click)
    assert "2 epochs" in page.panel.result()
    assert finished == [fake_runs.RUN_DIR]
    assert page.panel.resume.isVisibleTo(page.panel)


def test_pause_holds_and_goes_on(qtbot, page, make):
    controller = make(fake_runs.until_stopped)
    with qtbot.waitSignal(controller.run_started, timeout=30_000):
        controller.start()
    page.panel.pause.click()
    qtbot.waitUntil(lambda: page.panel.pause.text() == "Continue", timeout=10_000)
    page.panel.pause.click()
    qtbot.waitUntil(lambda: page.panel.pause.text() == "Pause", timeout=10_000)
    run_to_the_end(qtbot, controller, controller.stop)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (fake_runs.dies, "exit code 137"),
        (fake_runs.fails, "no room"),
        (fake_runs.has_a_bug, "unexpected went wrong"),
    ],
    ids=["worker dies", "disk is full", "bug"],
)
def test_failures_are_told_in_place_and_a_new_run_can_begin(qtbot, page, make, target, expected):
    controller = make(target)
    run_to_the_end(qtbot, controller)
    assert expected in page.banner.text()
    assert page.panel.phase() == "Failed"
    assert page.panel.start.isEnabled()


def test_a_dead_spare_worker_is_replaced(qtbot, page, make):
    controller = make(fake_runs.finishes)
    controller.warm_up()
    qtbot.waitUntil(lambda: controller._spare.is_ready, timeout=20_000)
    process = controller._spare._ready
    os.kill(process._process.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: not process.is_alive, timeout=10_000)
    run_to_the_end(qtbot, controller)
    assert "75.0%" in page.panel.result()


def test_a_second_run_shows_the_first_in_grey(qtbot, page, make):
    controller = make(fake_runs.finishes)
    run_to_the_end(qtbot, controller)
    run_to_the_end(qtbot, controller)
    assert page.plot.num_earlier_runs == 1


def test_shutdown_stops_a_run_first(qtbot, page, make):
    controller = make(fake_runs.until_stopped)
    with qtbot.waitSignal(controller.run_started, timeout=30_000):
        controller.start()
    with qtbot.waitSignal(controller.shut_down, timeout=30_000):
        controller.shutdown()
    assert not controller.is_running


def test_a_run_from_earlier_is_shown_with_its_curves(qtbot, page, make, tmp_path):
    folder = RunFolder.create(tmp_path / "run", TrainConfig(), [ImageSource(SAMPLE)])
    for event in fake_runs.EPOCHS:
        folder.append_epoch(event)
    controller = make(fake_runs.finishes)
    controller.set_last_run(folder.path)
    qtbot.waitUntil(lambda: page.plot.curves()["accuracy"][0] == [1, 2, 3])
    assert not page.panel.resume.isVisibleTo(page.panel)
    assert page.panel.result() == "The last training of this project: run."
    assert not page.panel.next_steps.isVisibleTo(page.panel)
    folder.model_dir.mkdir()
    (folder.model_dir / "model.json").write_text("{}")
    controller.set_last_run(folder.path)
    qtbot.waitUntil(lambda: page.panel.next_steps.isVisibleTo(page.panel))


def test_curves_of_another_project_are_gone(qtbot, page, make, tmp_path):
    controller = make(fake_runs.finishes)
    run_to_the_end(qtbot, controller)
    run_to_the_end(qtbot, controller)
    assert page.plot.num_earlier_runs == 1
    controller.set_last_run(None)  # a project without a run is opened
    assert page.plot.curves()["accuracy"] == ([], [])
    run_to_the_end(qtbot, controller)
    assert page.plot.num_earlier_runs == 0
    folder = RunFolder.create(tmp_path / "run", TrainConfig(), [ImageSource(SAMPLE)])
    folder.append_epoch(fake_runs.EPOCHS[0])
    controller.set_last_run(folder.path)  # one with a run
    qtbot.waitUntil(lambda: page.plot.curves()["accuracy"][0] == [1])
    assert page.plot.num_earlier_runs == 0


def test_the_speed_of_a_resumed_run_is_not_that_of_the_forms_backbone(qtbot, page, make, tmp_path):
    controller = make(fake_runs.finishes)
    config = TrainConfig(backbone="other")
    controller.set_last_run(RunFolder.create(tmp_path / "run", config, []).path)
    run_to_the_end(qtbot, controller, controller.resume)
    assert recorded_speed(TrainConfig().backbone) is None
    run_to_the_end(qtbot, controller)
    assert recorded_speed(TrainConfig().backbone) is not None


def test_fine_tuning_goes_on_in_the_plots_and_says_what_computes(qtbot, page, make):
    controller = make(fake_runs.fine_tunes)
    devices = []
    controller.device_reported.connect(devices.append)
    run_to_the_end(qtbot, controller)
    assert page.plot.curves()["loss"][0] == [1, 2]
    assert page.plot.fine_tuning_mark == 1
    assert page.panel.values().startswith("Fine-tuning epoch 2 of 2: ")
    assert [device.name for device in devices] == ["NVIDIA T4"]
    assert "No GPU was found." in page.banner.text()
    assert "The backbone is large." in page.banner.text()
    speed = recorded_speed(TrainConfig().backbone)
    assert speed is not None
    assert speed.fine_tuning_images_per_s == 20.0


def test_the_best_of_an_exact_fit_is_an_iteration(qtbot, page, make):
    run_to_the_end(qtbot, make(fake_runs.fits_exactly))
    assert "Kept the best iteration: 2 of 2." in page.panel.result()


def test_presets_say_how_long_each_takes(page, make):
    controller = make(fake_runs.finishes)
    choice = page.form.presets.choice
    assert all(choice.note(preset).startswith("about ") for preset in Preset)
    controller.set_images([], NO_EDITS, 0, "Add pictures first.")
    assert not any(choice.note(preset) for preset in Preset)


def test_a_backbone_that_never_ran_here_can_be_measured(qtbot, page, make):
    controller = make(fake_runs.measures)
    assert page.offers_to_measure
    statuses = []
    controller.status_changed.connect(statuses.append)
    page.findChild(QPushButton, "Measure speed").click()
    assert not page.offers_to_measure
    qtbot.waitUntil(lambda: statuses[-1:] == [""], timeout=30_000)
    assert "Measuring the speed" in statuses
    assert not page.offers_to_measure
    assert recorded_speed(TrainConfig().backbone).images_per_s == 1000.0
    controller.set_config(TrainConfig(backbone="other"))
    assert page.offers_to_measure


@pytest.mark.parametrize(
    ("button", "setting"),
    [
        ("Find learning rate…", "learning_rate"),
        ("Find fine-tuning rate…", "fine_tune_learning_rate"),
    ],
)
def test_a_learning_rate_that_was_found_goes_into_the_form(qtbot, page, make, button, setting):
    controller = make(fake_runs.finds_a_rate)
    controller.set_config(TrainConfig(optimizer=Optimizer.ADAM))
    page.findChild(QPushButton, button).click()
    search = controller._side.rate_search
    qtbot.waitUntil(lambda: not search.is_busy, timeout=30_000)
    dialog = search._controller.dialog
    dialog.chosen.emit(0.0123)
    assert getattr(page.form.config(), setting) == 0.0123
    dialog.reject()


def test_a_search_for_a_learning_rate_needs_images(page, make):
    controller = make(fake_runs.finds_a_rate)
    controller.set_config(TrainConfig(optimizer=Optimizer.ADAM))
    controller.set_images([], NO_EDITS, 0, "Add pictures first.")
    page.findChild(QPushButton, "Find learning rate…").click()
    assert page.banner.text() == "Add pictures first."
    assert not controller._side.rate_search.is_busy


def test_shutdown_ends_a_search_first(qtbot, page, make):
    controller = make(fake_runs.until_stopped)
    controller.set_config(TrainConfig(optimizer=Optimizer.ADAM))
    page.findChild(QPushButton, "Find learning rate…").click()
    assert controller._side.rate_search.is_busy
    with qtbot.waitSignal(controller.shut_down, timeout=30_000):
        controller.shutdown()
    assert not controller._side.rate_search.is_busy


@pytest.mark.parametrize("setting", ["backbone", "second_backbone"])
@pytest.mark.parametrize("backbone", ["mobilenet-v2-100-224", "https://hub.example/other"])
def test_nothing_is_fetched_only_to_be_measured(page, make, backbone, setting):
    controller = make(fake_runs.measures)
    controller.set_config(TrainConfig(**{setting: backbone}))
    assert not page.offers_to_measure


def test_a_failed_measurement_is_told_in_place(qtbot, page, make):
    make(fake_runs.has_a_bug)
    page.findChild(QPushButton, "Measure speed").click()
    qtbot.waitUntil(lambda: "unexpected" in page.banner.text(), timeout=30_000)
    qtbot.waitUntil(lambda: page.offers_to_measure, timeout=10_000)


@pytest.mark.slow
def test_a_real_training_from_click_to_model_and_a_stopped_one_resumed(qtbot, page, make):
    from core.worker.main import run_worker

    controller = make(run_worker)
    controller.warm_up()
    controller.set_config(TrainConfig(epochs=5))
    started = []
    controller.run_started.connect(started.append)
    with qtbot.waitSignal(controller.run_finished, timeout=120_000) as finished:
        page.panel.start.click()
    qtbot.waitUntil(lambda: not controller.is_running, timeout=20_000)
    [run_dir] = finished.args
    assert (run_dir / "model" / "model.tflite").is_file()
    history = RunFolder(run_dir).read_history()
    assert page.plot.curves()["val_accuracy"][1] == [line["val_accuracy"] for line in history]

    controller.set_config(TrainConfig(epochs=20_000, early_stopping_patience=0))
    page.panel.start.click()
    qtbot.waitUntil(lambda: len(page.plot.history.curves["loss"].epochs) > 3, timeout=120_000)
    run_to_the_end(qtbot, controller, page.panel.stop.click)
    assert (started[1] / "model" / "model.tflite").is_file()
    before = len(RunFolder(started[1]).read_history())
    page.panel.resume.click()
    qtbot.waitUntil(lambda: len(RunFolder(started[1]).read_history()) > before, timeout=120_000)
    run_to_the_end(qtbot, controller, page.panel.stop.click)


def test_what_has_to_be_mended_is_said_until_it_is(page, make):
    make(fake_runs.finishes)
    page.form.rows["crop"].editor.setText("1")
    assert not page.panel.start.isEnabled()
    fault = "Crop must be from 0 to below 1."
    assert page.expected() == fault
    page.form.learning_rate_search_requested.emit(False)
    assert page.banner.text() == fault
    page.form.rows["crop"].editor.setText("0")
    assert page.panel.start.isEnabled()
    assert page.expected().startswith("48 pictures")
    assert page.banner.text() == ""


def test_refused_backbone_is_trained_with_once_it_is_trusted(qtbot, page, make, use_anyway):
    controller = make(fake_refusals.refuses)
    finished = []
    controller.run_finished.connect(finished.append)
    run_to_the_end(qtbot, controller)
    assert "/home/somebody/net was not run" in page.banner.text()
    run_to_the_end(qtbot, controller, lambda: use_anyway(page))
    assert finished == [fake_refusals.RUN_DIR]
    assert page.banner.text() == ""


def test_refused_backbone_is_measured_once_it_is_trusted(qtbot, page, make, use_anyway):
    controller = make(fake_refusals.refuses)
    said = []
    controller.status_changed.connect(said.append)
    page.measure_requested.emit()
    use_anyway(page)
    name = page.form.config().backbone
    qtbot.waitUntil(lambda: recorded_speed(name) is not None, timeout=60_000)
    qtbot.waitUntil(lambda: said[-1] == "", timeout=30_000)
    assert page.banner.text() == ""
