import json

import pytest

from core.data.dataset import ImageSource
from core.data.edits.edits import Edits
from core.library.library import describe, entries
from core.project.project import Project
from core.project.project_file import read_project, write_project
from core.settings.config import TrainConfig
from gui.project.project_controller import ProjectController, unnamed_file
from gui.project.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings(tmp_path / "window.ini")


@pytest.fixture
def controller(qtbot, settings):
    return ProjectController(settings)


def saved(qtbot, controller):
    qtbot.waitUntil(lambda: not controller.is_dirty)
    return read_project(controller.path or unnamed_file())


def test_first_start_is_an_empty_project(qtbot, controller):
    with qtbot.waitSignal(controller.opened):
        controller.reopen()
    assert controller.project.sources == ()
    assert controller.path is None


def test_each_change_is_saved_by_itself(qtbot, controller, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path),), Edits(), "add")
    controller.set_config(TrainConfig(epochs=7))
    project = saved(qtbot, controller)
    assert project.sources == (ImageSource(tmp_path),)
    assert project.config.epochs == 7


def test_a_project_is_part_of_the_library_from_its_first_picture_on(
    qtbot, controller, settings, tmp_path
):
    controller.reopen()
    controller.set_config(TrainConfig(epochs=7))
    assert (controller.title, entries()) == ("New project", [])
    with qtbot.waitSignal(controller.title_changed) as title:
        controller.set_images((ImageSource(tmp_path / "birds"),), Edits(), "add")
    assert title.args == ["birds"]
    controller.save_now()
    assert entries() == [controller.entry]
    again = ProjectController(settings)
    again.reopen()
    assert again.project == controller.project
    assert (again.path, again.entry) == (controller.path, controller.entry)
    assert again.project.config.epochs == 7


def test_a_new_project_leaves_the_one_before_in_the_library(qtbot, controller, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path / "birds"),), Edits(), "add")
    first = controller.path
    controller.new()
    assert controller.project.sources == ()
    controller.set_images((ImageSource(tmp_path / "owls"),), Edits(), "add")
    assert [describe(entry).name for entry in entries()] == ["birds", "owls"]
    controller.open(first)
    assert controller.project.sources == (ImageSource(tmp_path / "birds"),)


def test_the_settings_of_a_draft_are_there_again(qtbot, controller, settings):
    controller.reopen()
    controller.set_config(TrainConfig(epochs=7))
    controller.save_now()
    again = ProjectController(settings)
    again.reopen()
    assert (again.path, again.project.config.epochs) == (None, 7)


def test_the_unnamed_project_of_an_earlier_version_is_taken_over(controller, tmp_path):
    write_project(unnamed_file(), Project(sources=(ImageSource(tmp_path / "birds"),)))
    controller.reopen()
    assert controller.title == "birds"
    assert controller.project.sources == (ImageSource(tmp_path / "birds"),)
    assert not unnamed_file().exists()
    assert read_project(controller.path) == controller.project


def test_undoing_the_first_pictures_keeps_the_project(qtbot, controller, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path / "birds"),), Edits(), "add")
    controller.undo_stack.undo()
    assert saved(qtbot, controller).sources == ()
    assert controller.title == "birds"
    controller.undo_stack.redo()
    assert len(entries()) == 1


def test_another_name_is_kept(qtbot, controller, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path / "birds"),), Edits(), "add")
    with qtbot.waitSignal(controller.title_changed) as title:
        controller.rename("  Owls ")
    assert title.args == ["Owls"]
    controller.rename("  ")
    assert saved(qtbot, controller).name == "Owls"


def test_a_starred_run_has_the_projects_model(qtbot, controller, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path / "birds"),), Edits(), "add")
    controller.set_last_run(tmp_path / "2")
    controller.star_run(tmp_path / "1")
    assert saved(qtbot, controller).model_run == tmp_path / "1"
    controller.star_run(None)
    assert saved(qtbot, controller).model_run == tmp_path / "2"


def test_a_library_that_cannot_be_written_is_told(qtbot, controller, tmp_path, monkeypatch):
    controller.reopen()
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FIELDGUIDE_HOME", str(tmp_path / "file"))
    with qtbot.waitSignal(controller.failed) as failed:
        controller.set_images((ImageSource(tmp_path / "birds"),), Edits(), "add")
    assert "projects" in failed.args[0]
    assert controller.project.sources
    assert controller.entry is None


def test_named_project_is_reopened_as_left(qtbot, controller, settings, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path),), Edits(), "add")
    with qtbot.waitSignal(controller.title_changed) as title:
        controller.save_as(tmp_path / "birds")
    assert title.args == ["birds"]
    saved(qtbot, controller)
    again = ProjectController(settings)
    again.reopen()
    assert again.path == tmp_path / "birds.fieldguide"
    assert again.project == controller.project
    assert settings.recent_projects == [tmp_path / "birds.fieldguide"]


def test_undo_and_redo_change_images_but_not_settings(qtbot, controller, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path),), Edits(), "add")
    controller.edit(Edits(excluded=frozenset({tmp_path / "a.jpg"})), "exclude")
    controller.set_config(TrainConfig(epochs=9))
    changes = []
    controller.images_changed.connect(lambda: changes.append(controller.project))
    controller.undo_stack.undo()
    assert controller.project.edits == Edits()
    controller.undo_stack.undo()
    assert controller.project.sources == ()
    controller.undo_stack.redo()
    controller.undo_stack.redo()
    assert controller.project.edits.excluded == {tmp_path / "a.jpg"}
    assert controller.project.config.epochs == 9
    assert len(changes) == 4


def test_damaged_project_is_told_and_what_was_open_stays(qtbot, controller, tmp_path):
    controller.reopen()
    controller.set_images((ImageSource(tmp_path),), Edits(), "add")
    bad = tmp_path / "bad.fieldguide"
    bad.write_text("{ not json")
    with qtbot.waitSignal(controller.failed) as failed:
        controller.open(bad)
    assert str(bad) in failed.args[0]
    assert controller.project.sources == (ImageSource(tmp_path),)
    assert bad.read_text() == "{ not json"


def test_vanished_project_is_told_and_an_empty_one_shown(qtbot, controller, settings, tmp_path):
    settings.last_project = tmp_path / "gone.fieldguide"
    with qtbot.waitSignals([controller.failed, controller.opened]):
        controller.reopen()
    assert controller.project.sources == ()


def test_project_of_a_later_version_is_not_written_over(qtbot, controller, tmp_path):
    later = tmp_path / "later.fieldguide"
    later.write_text(json.dumps({"schema": 99}))
    with qtbot.waitSignal(controller.failed):
        controller.open(later)
    controller.set_config(TrainConfig(epochs=3))
    controller.save_now()
    assert json.loads(later.read_text()) == {"schema": 99}


def test_failed_save_is_told_and_tried_again(qtbot, controller, tmp_path):
    controller.reopen()
    target = tmp_path / "file"
    target.write_text("in the way")
    controller.path = target / "project.fieldguide"
    with qtbot.waitSignal(controller.failed) as failed:
        controller.set_config(TrainConfig(epochs=3))
    assert "project.fieldguide" in failed.args[0]
    assert controller.is_dirty
    target.unlink()
    controller.save_now()
    assert read_project(controller.path).config.epochs == 3
