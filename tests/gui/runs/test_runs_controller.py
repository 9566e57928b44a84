import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QInputDialog, QPlainTextEdit

from core.data.dataset import ImageSource
from core.data.edits.edited_images import EditedImages
from core.data.edits.edits import NO_EDITS
from core.data.edits.image_table import ImageTable
from core.data.scanning.scan import scan_images
from core.library.changes import changes_since
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_images
from core.runs.run_label import read_run_label
from core.settings.config import TrainConfig
from core.storage.app_dirs import runs_dir
from gui.project.project_controller import ProjectController
from gui.project.settings import Settings
from gui.runs.runs_controller import RunsController
from gui.runs.runs_page import RunsPage
from tests.library_projects import add_run, add_stopped_run, make_pictures, make_project
from tests.reported_runs import finished_run


class Runs:
    """The page with its controller in a project of the library, and what a user does there."""

    def __init__(self, qtbot, settings: Settings, pictures: Path) -> None:
        self.qtbot = qtbot
        self.images: EditedImages | None = None
        self.page = RunsPage()
        qtbot.addWidget(self.page)
        self.page.resize(1200, 700)
        self.page.show()
        self.entry = make_project(pictures, "zoo")
        self.project = ProjectController(settings)
        self.controller = RunsController(self.page, self.project, lambda: self.images)
        self.project.open(self.entry.project_file)

    def read(self, *names: str) -> None:
        """Read the runs, and wait until the page has these."""
        self.controller.refresh()
        self.shows(*names)

    def names(self) -> list[str]:
        return sorted(row.summary.name for row in self.page.model.rows)

    def shows(self, *names: str) -> None:
        self.qtbot.waitUntil(
            lambda: self.controller._task is None and self.names() == sorted(names)
        )

    def row(self, name: str):
        return next(row for row in self.page.model.rows if row.summary.name == name)

    def ask(self, action: str, *names: str) -> None:
        self.page.action_requested.emit(action, [self.row(name) for name in names])

    def banner(self) -> str:
        return self.page.banner.text()

    def press(self, text: str) -> None:
        self.page.banner.buttons()[text].click()


@pytest.fixture
def pictures(tmp_path) -> Path:
    return make_pictures(tmp_path / "zoo")


@pytest.fixture
def runs(qtbot, trash, tmp_path, pictures):
    runs = Runs(qtbot, Settings(tmp_path / "window.ini"), pictures)
    runs.shows()
    yield runs
    runs.controller.shutdown()


def test_the_runs_of_the_open_project_and_of_no_other(runs, tmp_path, pictures):
    add_run(runs.entry, "first")
    add_stopped_run(runs.entry, "second")
    other = make_project(pictures, "birds")
    add_run(other, "third")
    runs.read("first", "second")
    assert [summary.name for summary in runs.controller.summaries] == ["first", "second"]
    runs.project.open(other.project_file)
    assert runs.names() == []
    runs.shows("third")
    runs.project.new()
    runs.shows()


def test_a_run_that_can_not_be_read_is_told_and_hides_no_other(runs):
    add_run(runs.entry, "first")
    broken = add_run(runs.entry, "second")
    (broken / "config.json").write_text("{")
    runs.read("first")
    assert runs.banner() == "1 training can't be read."


def test_a_training_that_ended_or_was_removed_is_seen(runs):
    run = add_run(runs.entry, "first")
    runs.read("first")
    shutil.rmtree(run)
    runs.read()


def test_an_unchanged_run_is_not_read_again_and_a_changed_one_is(runs):
    run = add_run(runs.entry, "first")
    runs.read("first")
    before = runs.row("first").summary
    runs.read("first")
    assert runs.row("first").summary is before
    (run / "run.json").write_text(json.dumps({"schema": 1, "name": "best", "note": "n"}))
    runs.read("best")
    assert runs.row("best").summary.note == "n"


def test_a_run_is_renamed_and_keeps_its_note_and_experiment(runs):
    run = add_run(runs.entry, "first")
    (run / "run.json").write_text(
        json.dumps({"schema": 1, "name": "", "note": "n", "experiment": "e"})
    )
    runs.read("first")
    runs.ask("rename", "first")
    dialog = runs.page.findChild(QInputDialog, "Rename run")
    assert dialog.textValue() == "first"
    dialog.setTextValue("  with 8 a batch ")
    dialog.accept()
    runs.shows("with 8 a batch")
    label = read_run_label(run)
    assert (label.name, label.note, label.experiment) == ("with 8 a batch", "n", "e")


def test_a_note_may_have_several_lines(runs):
    run = add_run(runs.entry, "first")
    runs.read("first")
    runs.ask("note", "first")
    dialog = runs.page.findChild(QInputDialog, "Note on run")
    dialog.findChild(QPlainTextEdit).setPlainText("one\ntwo")
    dialog.accept()
    runs.qtbot.waitUntil(lambda: runs.row("first").summary.note == "one\ntwo")
    assert read_run_label(run).note == "one\ntwo"


def test_the_star_is_the_projects_and_stays_with_it(runs):
    run = add_run(runs.entry, "first")
    add_run(runs.entry, "second")
    runs.read("first", "second")
    with runs.qtbot.waitSignal(runs.controller.model_changed):
        runs.ask("star", "first")
    assert runs.project.project.starred_run == run
    assert runs.row("first").is_starred
    runs.project.save_now()
    runs.project.open(runs.entry.project_file)
    runs.shows("first", "second")
    assert runs.row("first").is_starred
    runs.ask("star", "first")
    assert runs.project.project.starred_run is None
    assert not runs.row("first").is_starred


def test_what_others_do_is_asked_for(runs):
    config = TrainConfig(epochs=7)
    run = add_run(runs.entry, "first", config)
    runs.read("first")
    for action, signal, expected in (
        ("results", "results_requested", run),
        ("resume", "resume_requested", run),
        ("settings", "settings_requested", config),
        ("export", "export_requested", run / "model"),
    ):
        with runs.qtbot.waitSignal(getattr(runs.controller, signal)) as asked:
            runs.ask(action, "first")
        assert asked.args == [expected]


def test_two_runs_are_read_to_be_compared(runs):
    add_run(runs.entry, "first")
    add_run(runs.entry, "second", TrainConfig(batch_size=8))
    runs.read("first", "second")
    with runs.qtbot.waitSignal(runs.controller.compared) as compared:
        runs.ask("compare", "first", "second")
    assert compared.args[0].names == ("first", "second")


def test_runs_that_can_not_be_compared_say_why(runs):
    add_run(runs.entry, "first")
    broken = add_run(runs.entry, "second")
    runs.read("first", "second")
    (broken / "predictions.jsonl").unlink()
    runs.ask("compare", "first", "second")
    runs.qtbot.waitUntil(lambda: "second has no results" in runs.banner())


def test_a_deleted_run_is_in_the_trash_and_comes_back(runs, trash):
    run = add_run(runs.entry, "first")
    add_run(runs.entry, "second")
    runs.project.star_run(run)
    runs.project.set_last_run(run)
    runs.read("first", "second")
    with runs.qtbot.waitSignal(runs.controller.model_changed):
        runs.ask("delete", "first")
    runs.shows("second")
    assert (trash / "first/model").is_dir()
    assert runs.banner().startswith("1 training deleted.")
    project = runs.project.project
    assert (project.starred_run, project.last_run) == (None, None)
    runs.press("Undo")
    runs.shows("first", "second")
    assert runs.row("first").is_starred
    assert runs.project.project.last_run == run
    assert not (trash / "first").exists()


def test_a_run_in_a_folder_of_the_users_is_only_forgotten(runs, tmp_path, trash):
    mine = finished_run(tmp_path / "mine")
    runs.entry.refer_to_runs([mine])
    runs.read("run")
    runs.ask("delete", "run")
    runs.shows()
    assert mine.is_dir()
    assert not trash.exists()
    runs.press("Undo")
    runs.shows("run")


def test_a_run_of_an_earlier_version_goes_to_the_trash(runs, pictures):
    run = RunFolder.create(None, TrainConfig(), [ImageSource(pictures)])
    assert run.path.parent == runs_dir()
    runs.entry.refer_to_runs([run.path])
    runs.read(run.path.name)
    runs.ask("delete", run.path.name)
    runs.shows()
    assert not run.path.exists()
    runs.press("Undo")
    runs.shows(run.path.name)


def test_a_run_in_progress_is_not_deleted(runs):
    run = add_run(runs.entry, "first")
    runs.read("first")
    with RunFolder(run).lock():
        runs.ask("delete", "first")
    assert "Stop training" in runs.banner()
    assert run.is_dir()


def test_without_a_trash_runs_and_the_star_stay(runs, tmp_path):
    run = add_run(runs.entry, "first")
    runs.project.star_run(run)
    runs.read("first")
    (tmp_path / "share").write_text("a file in the way of the trash")
    runs.ask("delete", "first")
    assert "first can't be moved to the trash" in runs.banner()
    assert "deleted" not in runs.banner()
    assert runs.project.project.starred_run == run
    runs.read("first")


def test_of_several_runs_those_that_went_can_come_back(runs, tmp_path):
    """The second is in a folder of the program's that is gone meanwhile."""
    add_run(runs.entry, "first")
    gone = add_run(runs.entry, "second")
    runs.project.star_run(gone)
    runs.read("first", "second")
    shutil.rmtree(gone)
    runs.ask("delete", "first", "second")
    assert "second can't be moved to the trash" in runs.banner()
    assert "1 training deleted." in runs.banner()
    assert runs.project.project.starred_run == gone
    runs.shows()
    runs.press("Undo")
    runs.shows("first")


def test_changes_since_a_run_are_counted(runs, pictures):
    run = add_run(runs.entry, "first")
    runs.read("first")
    assert runs.row("first").num_changes is None
    table = ImageTable.from_dataset(scan_images([ImageSource(pictures)]))
    runs.images = EditedImages(table, NO_EDITS)
    runs.read("first")
    num_used = len(read_run_images(run / "images.jsonl")[1])
    # None of the run's images is the project's, and the project's are older than the run.
    assert runs.row("first").num_changes >= num_used
    assert "changes since" in runs.row("first").state


def test_changes_are_counted_again_only_when_something_changed(runs, pictures, monkeypatch):
    run = add_run(runs.entry, "first")
    counted = []

    def count(run_dir, labels):
        counted.append(run_dir)
        return changes_since(run_dir, labels)

    monkeypatch.setattr("gui.runs.runs_controller.changes_since", count)
    table = ImageTable.from_dataset(scan_images([ImageSource(pictures)]))
    runs.images = EditedImages(table, NO_EDITS)
    for _ in range(2):
        runs.read("first")
    assert counted == [run]
    second = add_run(runs.entry, "second")
    runs.read("first", "second")
    assert counted == [run, second]
    runs.images = EditedImages(table, NO_EDITS.exclude([pictures / "cat/0.png"]))
    runs.read("first", "second")
    assert counted == [run, second, run, second]


def test_the_chosen_runs_stay_chosen_when_they_are_read_anew(runs):
    add_run(runs.entry, "first")
    runs.read("first")
    runs.page.table.selectRow(0)
    add_run(runs.entry, "second")
    runs.read("first", "second")
    assert [row.summary.name for row in runs.page.chosen()] == ["first"]
