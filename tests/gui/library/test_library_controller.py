import os
import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog

from core.data.dataset import ImageSource
from core.library.library import describe, entries, entry_of_file
from core.project.project_file import read_project, write_project
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from gui.image_views.thumbnails import ThumbnailLoader
from gui.library import library_controller
from gui.library.library_controller import LibraryController
from gui.library.library_page import LibraryPage
from gui.project.project_controller import ProjectController
from gui.project.settings import Settings
from tests.library_projects import add_run, make_pictures, make_project


class Library:
    """The page with its controller, and what a user does there."""

    def __init__(self, qtbot, settings: Settings) -> None:
        self.qtbot, self.settings = qtbot, settings
        self.loader = ThumbnailLoader()
        self.page = LibraryPage(self.loader)
        qtbot.addWidget(self.page)
        self.page.resize(1000, 700)
        self.page.show()
        self.is_training = False
        self.project = ProjectController(settings)
        self.project.reopen()
        self.controller = LibraryController(self.page, self.project, lambda: self.is_training)

    def names(self) -> list[str]:
        return [row.project.name for row in self.page.model.rows]

    def shows(self, *names: str) -> None:
        """Wait until the page has these projects, in any order."""
        self.qtbot.waitUntil(lambda: sorted(self.names()) == sorted(names))

    def read(self) -> None:
        self.controller.refresh()
        self.qtbot.waitUntil(lambda: self.controller._reading is None)

    def row(self, name: str):
        return next(row for row in self.page.model.rows if row.project.name == name)

    def choose(self, name: str) -> None:
        model = self.page.view.model()
        rows = [model.index(position, 0) for position in range(model.rowCount())]
        self.page.view.setCurrentIndex(next(row for row in rows if row.data() == name))

    def click(self, name: str) -> None:
        self.page.button(name).click()

    def banner(self) -> str:
        return self.page.banner.text()

    def press(self, text: str) -> None:
        self.page.banner.buttons()[text].click()


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(tmp_path / "window.ini")


@pytest.fixture
def library(qtbot, trash, settings):
    library = Library(qtbot, settings)
    yield library
    library.controller.shutdown()
    qtbot.waitUntil(lambda: library.controller._work is None)
    library.loader.close()


@pytest.fixture
def pictures(tmp_path) -> Path:
    return make_pictures(tmp_path / "zoo")


def test_all_projects_are_shown_the_open_one_first_then_the_last_used(library, pictures):
    for number, name in enumerate(("zoo", "birds", "ants")):
        entry = make_project(pictures, name)
        os.utime(entry.project_file, (1e9 + number, 1e9 + number))
    library.read()
    assert library.names() == ["ants", "birds", "zoo"]
    library.project.open(entries()[-1].project_file)
    library.read()
    assert library.names() == ["zoo", "ants", "birds"]
    row = library.row("zoo")
    assert row.is_open
    assert [path.parent.name for path in row.covers] == ["cat", "dog", "cat", "dog"]
    assert row.size_bytes > 0


def test_twenty_projects_are_shown_and_each_is_opened_in_its_place(library, pictures):
    names = [f"project {number:02}" for number in range(20)]
    for name in names:
        make_project(pictures, name)
    library.read()
    assert sorted(library.names()) == names
    for name in (names[3], names[17]):
        library.choose(name)
        with library.qtbot.waitSignal(library.controller.opened):
            library.click("Open")
        assert library.project.title == name


def test_a_damaged_project_is_shown_with_its_problem_and_opens_nothing(library, pictures):
    make_project(pictures, "zoo")
    broken = make_project(pictures, "birds")
    broken.project_file.write_text("{")
    library.read()
    row = library.row("birds")
    assert row.about == "Can't be opened"
    library.page.project_chosen.emit(row)
    assert "damaged" in library.banner()
    assert library.project.entry is None


def test_renaming_another_project_changes_its_file(library, pictures):
    entry = make_project(pictures, "zoo")
    library.read()
    library.choose("zoo")
    library.click("Rename")
    dialog = library.page.findChild(QInputDialog, "Rename project")
    assert dialog.textValue() == "zoo"
    dialog.setTextValue(" Meadow ")
    dialog.accept()
    library.shows("Meadow")
    assert read_project(entry.project_file).name == "Meadow"
    assert library.page.chosen().project.name == "Meadow"


def test_renaming_the_open_project_goes_through_it(library, pictures):
    entry = make_project(pictures, "zoo")
    library.project.open(entry.project_file)
    library.read()
    library.controller._rename(library.row("zoo"), "Meadow")
    library.shows("Meadow")
    assert library.project.title == "Meadow"
    library.project.save_now()
    assert read_project(entry.project_file).name == "Meadow"


def test_a_blank_name_is_ignored(library, pictures):
    make_project(pictures, "zoo")
    library.read()
    library.controller._rename(library.row("zoo"), "  ")
    assert describe(entries()[0]).name == "zoo"


def test_a_duplicate_has_what_was_changed_a_moment_ago_and_no_runs(library, pictures):
    entry = make_project(pictures, "zoo")
    add_run(entry, "first")
    library.project.open(entry.project_file)
    library.project.rename("Meadow")
    library.read()
    library.choose("Meadow")
    library.click("Duplicate")
    library.shows("Meadow", "Meadow copy")
    assert library.row("Meadow").project.num_runs == 1
    assert library.row("Meadow copy").project.num_runs == 0
    assert library.page.chosen().project.name == "Meadow"


def test_a_deleted_project_is_in_the_trash_and_comes_back(library, pictures, trash):
    entry = make_project(pictures, "zoo")
    run = add_run(entry, "first")
    library.read()
    library.choose("zoo")
    library.click("Delete")
    library.shows()
    assert library.banner().startswith("“zoo” is in the trash, with its trainings. Its pictures")
    assert (trash / "zoo/runs/first/model").is_dir()
    assert (pictures / "cat/0.png").is_file()
    library.press("Undo")
    library.shows("zoo")
    assert run.is_dir()
    assert library.banner() == ""


def test_deleting_the_open_project_begins_an_empty_one_and_undo_opens_it(library, pictures):
    entry = make_project(pictures, "zoo")
    library.project.open(entry.project_file)
    library.project.rename("Meadow")
    library.read()
    with library.qtbot.waitSignal(library.controller.page_requested):
        library.controller.delete(library.row("Meadow"))
    assert (library.project.entry, library.project.title) == (None, "New project")
    assert library.settings.recent_projects == []
    library.project.save_now()
    assert entries() == []
    with library.qtbot.waitSignal(library.controller.page_requested):
        library.press("Undo")
    assert library.project.title == "Meadow"
    library.shows("Meadow")


def test_a_project_whose_folder_can_not_go_to_the_trash_stays_open(library, pictures, tmp_path):
    entry = make_project(pictures, "zoo")
    library.project.open(entry.project_file)
    (tmp_path / "share").write_text("a file in the way of the trash")
    library.read()
    library.controller.delete(library.row("zoo"))
    assert "can't be moved to the trash" in library.banner()
    assert library.project.entry == entry
    assert entry.project_file.is_file()
    assert library.settings.recent_projects == [entry.project_file]


def test_what_was_made_in_its_place_is_not_replaced_by_undo(library, pictures):
    make_project(pictures, "zoo")
    library.read()
    library.controller.delete(library.row("zoo"))
    make_project(pictures, "zoo")
    library.press("Undo")
    assert "already exists" in library.banner()


def test_a_project_file_of_the_users_stays(library, pictures, tmp_path):
    entry = make_project(pictures, "zoo")
    mine = tmp_path / "mine.fieldguide"
    write_project(mine, read_project(entry.project_file))
    entry_of_file(mine)
    library.read()
    row = next(row for row in library.page.model.rows if row.project.entry != entry)
    library.controller.delete(row)
    assert mine.is_file()


def test_a_project_is_not_deleted_while_it_trains(library, pictures):
    entry = make_project(pictures, "zoo")
    library.project.open(entry.project_file)
    library.read()
    library.is_training = True
    library.controller.delete(library.row("zoo"))
    assert "Stop training" in library.banner()
    assert entry.project_file.is_file()


def test_nor_while_the_command_line_trains_in_it(library, pictures):
    entry = make_project(pictures, "zoo")
    run = add_run(entry, "first")
    library.read()
    with RunFolder(run).lock():
        library.controller.delete(library.row("zoo"))
    assert "Stop training" in library.banner()
    assert run.is_dir()


def test_another_project_is_not_opened_while_one_trains(library, pictures):
    make_project(pictures, "zoo")
    library.read()
    library.is_training = True
    with library.qtbot.assertNotEmitted(library.controller.opened):
        library.controller._on_project_chosen(library.row("zoo"))
    assert "Stop training before you open" in library.banner()


def test_a_project_goes_into_a_zip_and_comes_back(library, pictures, tmp_path):
    entry = make_project(pictures, "zoo")
    add_run(entry, "first")
    library.read()
    library.choose("zoo")
    library.click("Export project")
    dialog = library.page.findChild(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("zoo.zip")
    dialog.close()
    library.controller.export_to(library.row("zoo"), tmp_path / "zoo.zip")
    library.qtbot.waitUntil(lambda: "The project is in" in library.banner())
    assert zipfile.is_zipfile(tmp_path / "zoo.zip")
    library.controller.import_file(tmp_path / "zoo.zip")
    library.shows("zoo", "zoo 2")
    assert library.banner() == "“zoo 2” was imported."
    assert library.row("zoo 2").project.num_runs == 1
    assert library.page.progress.is_idle


def test_a_zip_that_is_no_project_says_so_and_leaves_nothing(library, tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("cat/1.txt", "")
    library.controller.import_file(tmp_path / "other.zip")
    library.qtbot.waitUntil(lambda: "other.zip holds no project" in library.banner())
    library.shows()


@pytest.mark.parametrize("work", ["export", "import"])
def test_a_cancelled_export_or_import_leaves_nothing(
    library, pictures, tmp_path, monkeypatch, work
):
    make_project(pictures, "zoo")
    library.read()
    target = tmp_path / "out/zoo.zip"
    target.parent.mkdir()
    if work == "import":
        library.controller.export_to(library.row("zoo"), target)
        library.qtbot.waitUntil(lambda: library.controller._work is None)
    function = getattr(library_controller, f"{work}_project")

    def cancelled(first, second, report=None):
        def report_and_cancel(*counts) -> None:
            library.controller._work.cancel()
            report(*counts)

        callback = report_and_cancel
        if work == "export":
            return function(first, second, callback)
        report = second
        return function(first, callback)

    monkeypatch.setattr(library_controller, f"{work}_project", cancelled)
    if work == "export":
        library.controller.export_to(library.row("zoo"), target)
    else:
        library.controller.import_file(target)
    library.qtbot.waitUntil(lambda: library.controller._work is None)
    library.qtbot.waitUntil(lambda: library.controller._reading is None)
    assert library.names() == ["zoo"]
    assert library.page.progress.is_idle
    assert [path.name for path in target.parent.iterdir()] == (
        [] if work == "export" else ["zoo.zip"]
    )
    assert library.banner() == ""


def test_cancel_is_asked_for_by_the_button_of_the_progress(library, pictures, tmp_path):
    make_project(pictures, "zoo")
    library.read()
    library.controller.export_to(library.row("zoo"), tmp_path / "zoo.zip")
    task = library.controller._work
    library.page.progress.cancel_requested.emit()
    assert task.context.is_cancelled
    library.qtbot.waitUntil(lambda: library.controller._work is None)


def test_one_thing_after_another(library, pictures, tmp_path):
    make_project(pictures, "zoo")
    library.read()
    library.controller.export_to(library.row("zoo"), tmp_path / "one.zip")
    library.controller.export_to(library.row("zoo"), tmp_path / "two.zip")
    assert "Wait until the work at hand is done" in library.banner()
    library.qtbot.waitUntil(lambda: library.controller._work is None)
    assert not (tmp_path / "two.zip").exists()


def test_a_place_that_can_not_be_written_is_told(library, pictures, tmp_path):
    make_project(pictures, "zoo")
    library.read()
    (tmp_path / "file").touch()
    library.controller.export_to(library.row("zoo"), tmp_path / "file/zoo.zip")
    library.qtbot.waitUntil(lambda: "file/zoo.zip" in library.banner())


def test_runs_of_earlier_versions_become_a_project(library, pictures, fieldguide_home):
    RunFolder.create(None, TrainConfig(), [ImageSource(pictures)])
    library.read()
    assert library.names() == ["zoo"]
    assert library.row("zoo").project.num_runs == 1


def test_closing_waits_for_the_work_at_hand(library, pictures, tmp_path):
    make_project(pictures, "zoo")
    library.read()
    library.controller.export_to(library.row("zoo"), tmp_path / "zoo.zip")
    with library.qtbot.waitSignal(library.controller.shut_down):
        library.controller.shutdown()
    assert not list(tmp_path.glob("*.partial"))
