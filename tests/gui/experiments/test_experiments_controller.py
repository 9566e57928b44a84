"""From the dialog to a finished experiment on the page, with workers that train nothing."""

import json
from dataclasses import replace

import pytest

from core.data.dataset import ImageSource
from core.experiments.experiment import State
from core.experiments.experiment_file import read_experiment
from core.library.library import create_entry
from core.project.project import Project
from gui.experiments.experiment_work import ExperimentWork
from gui.experiments.experiments_controller import ExperimentsController
from gui.experiments.experiments_page import ExperimentsPage
from gui.experiments.planning import Material
from tests.gui.experiments.conftest import STEPS, made, stored
from tests.program import SAMPLE


@pytest.fixture
def page(qtbot):
    page = ExperimentsPage()
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


@pytest.fixture
def work(qtbot, page, workers):
    work = ExperimentWork(page.progress, workers)
    yield work
    with qtbot.waitSignal(work.shut_down, timeout=10_000):
        work.kill()
        work.shutdown()


class Problem:
    text = ""


@pytest.fixture
def controller(qtbot, page, work, project):
    material = Material(
        sources=(ImageSource(SAMPLE),), class_sizes=(16, 16, 16), config=STEPS, backbones=("one",)
    )
    found = ExperimentsController(page, work, project, lambda: material, lambda: Problem.text)
    yield found
    qtbot.waitUntil(lambda: found._listing is None and found._loading is None, timeout=20_000)


def items(page):
    return [page.list.item(row).text() for row in range(page.list.count())]


def wait_for_end(qtbot, work):
    return qtbot.waitSignal(
        work.running_changed, timeout=20_000, check_params_cb=lambda running: not running
    )


def start(qtbot, controller, page, setting="learning_rate", values="0.01, 1"):
    controller.ask(page, setting)
    dialog = controller.dialog
    dialog.rows[0].values.setText(values)
    qtbot.waitUntil(dialog.start.isEnabled, timeout=10_000)
    dialog.start.click()
    assert controller.dialog is None


def test_what_is_asked_for_is_carried_out_and_shown(qtbot, controller, page, work, entry):
    started = []
    controller.started.connect(lambda: started.append(True))
    with wait_for_end(qtbot, work):
        start(qtbot, controller, page)
        assert started == [True]
    qtbot.waitUntil(lambda: page.state() == "6 runs", timeout=10_000)
    assert page.sentence().startswith("Learning rate 0.01 is 40.0 points more accurate")
    assert page.chosen_folder() == entry.experiments_dir / "Learning rate"
    assert [row.placed.name for row in page.model.rows] == ["0.01", "1"]
    assert page.resume.isHidden()
    assert page.panel.isHidden()
    experiment = read_experiment(page.chosen_folder())
    assert experiment.state is State.FINISHED
    assert {run.run_dir.parent for run in experiment.runs} == {entry.runs_dir}


def test_faults_and_problems_are_told_in_the_dialog(qtbot, controller, page, monkeypatch):
    controller.ask(page, "batch_size")
    dialog = controller.dialog
    qtbot.waitUntil(dialog.start.isEnabled, timeout=10_000)
    dialog.rows[0].values.setText("0")
    qtbot.waitUntil(lambda: "“Batch size” must be from 1" in dialog.expected(), timeout=10_000)
    monkeypatch.setattr(Problem, "text", "Add pictures first.")
    dialog.rows[0].values.setText("4")
    qtbot.waitUntil(lambda: dialog.expected() == "Add pictures first.", timeout=10_000)
    assert not dialog.start.isEnabled()
    dialog.reject()
    assert controller.dialog is None


def test_the_dialog_is_opened_once(controller, page):
    controller.ask(page, "batch_size")
    first = controller.dialog
    controller.ask(page, "dropout")
    assert controller.dialog is first
    first.reject()


def test_while_training_none_begins(qtbot, controller, page, work, entry):
    folder = stored(made("batch-size=4,8", num_done=1), entry.experiments_dir)
    work.blocked_by = "Wait until training has finished."
    controller.resume(folder)
    assert page.banner.text() == "Wait until training has finished."
    controller.ask(page, "batch_size")
    dialog = controller.dialog
    qtbot.waitUntil(lambda: dialog.expected() == work.blocked_by, timeout=10_000)
    assert not work.is_running
    dialog.reject()


def test_experiments_of_the_project_are_listed_and_resumed(
    qtbot, controller, page, work, entry, workers
):
    stored(made("dropout=0,0.5", name="first"), entry.experiments_dir)
    folder = stored(made("learning-rate=0.01,1", num_done=4, name="other"), entry.experiments_dir)
    controller.refresh()
    qtbot.waitUntil(lambda: page.list.count() == 2, timeout=10_000)
    assert {text.splitlines()[0] for text in items(page)} == {"first", "other"}
    page.choose(folder)
    assert page.state() in ("Reading…", "4 of 6 runs"), "nothing of the other one is left"
    qtbot.waitUntil(lambda: page.state() == "4 of 6 runs", timeout=10_000)
    with wait_for_end(qtbot, work):
        page.resume.click()
    assert len(workers.requests) == 2
    qtbot.waitUntil(lambda: page.state() == "6 runs", timeout=10_000)
    assert page.chosen_folder() == folder


def test_nothing_of_one_project_shows_in_another(qtbot, controller, page, project, entry):
    stored(made("dropout=0,0.5"), entry.experiments_dir)
    controller.refresh()
    qtbot.waitUntil(lambda: len(page.model.rows) == 2, timeout=10_000)
    project.open(create_entry(Project(name="another")).project_file)
    assert items(page) == []
    assert page.model.rows == ()
    assert page.plot.means() == []
    qtbot.waitUntil(lambda: controller._listing is None)
    assert items(page) == []


def test_a_strange_address_in_an_experiment_from_elsewhere_is_not_fetched(
    qtbot, controller, page, work, entry, workers
):
    config = replace(STEPS, backbone="https://example.org/model.tar.gz")
    experiment = replace(made("batch-size=4,8", num_done=1), config=config)
    controller.resume(stored(experiment, entry.experiments_dir))
    assert "example.org" in page.banner.text()
    assert workers.requests == []


def test_a_damaged_experiment_is_named(qtbot, controller, page, entry):
    folder = stored(made("batch-size=4,8"), entry.experiments_dir)
    controller.refresh()
    qtbot.waitUntil(lambda: len(page.model.rows) == 2, timeout=10_000)
    (folder / "experiment.json").write_text(json.dumps({"schema": 1}))
    page.chosen.emit(folder)
    qtbot.waitUntil(lambda: str(folder) in page.banner.text(), timeout=10_000)
    controller.resume(folder)
    assert "can't be used" in page.banner.text()


def test_two_of_one_name_have_folders_of_their_own(qtbot, controller, page, work, entry):
    for _ in range(2):
        with wait_for_end(qtbot, work):
            start(qtbot, controller, page)
    names = {folder.name for folder in entry.experiments_dir.iterdir()}
    assert names == {"Learning rate", "Learning rate 2"}


def test_an_empty_page_says_how_to_begin(qtbot, controller, page):
    assert page._stack.currentIndex() == 1
    page.try_requested.emit()
    assert controller.dialog is not None
    controller.dialog.reject()
