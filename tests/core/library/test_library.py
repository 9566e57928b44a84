import json
import os
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS
from core.errors import ProjectError, StorageError
from core.library.duplicate import duplicate_project
from core.library.entry import Entry
from core.library.library import (
    create_entry,
    describe,
    entries,
    entry_for_images,
    entry_of_file,
    entry_of_images,
    name_of_images,
    rename_project,
    take_over_runs,
)
from core.project.project import Project
from core.project.project_file import read_project, write_project
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from core.storage.app_dirs import projects_dir


@pytest.fixture
def images(tmp_path: Path) -> tuple[ImageSource, ...]:
    folder = tmp_path / "Flöwers 2026"
    (folder / "daisy").mkdir(parents=True)
    return (ImageSource(folder),)


def names() -> list[str]:
    return sorted(describe(entry).name for entry in entries())


def test_an_empty_library_has_no_projects():
    assert entries() == []
    assert not projects_dir().exists()


def test_a_project_is_named_by_its_images(images):
    entry = create_entry(Project(sources=images))
    assert entries() == [entry]
    assert entry.folder.name == "flowers-2026"
    project = read_project(entry.project_file)
    assert (project.name, project.sources) == ("Flöwers 2026", images)


def test_a_second_project_of_the_same_name_gets_a_number(images):
    for _ in range(3):
        create_entry(Project(sources=images))
    assert names() == ["Flöwers 2026", "Flöwers 2026 2", "Flöwers 2026 3"]
    assert len({entry.folder for entry in entries()}) == 3


@pytest.mark.parametrize(
    ("paths", "name"),
    [
        (["/a/birds"], "birds"),
        (["/a/birds.tar.gz"], "birds"),
        (["/a/list.csv"], "list"),
        (["/a/zoo/cat", "/a/zoo/dog"], "zoo"),
        (["/a/cat", "/b/dog", "/c/emu", "/d/fox"], "cat, dog, emu"),
        ([], "Untitled project"),
    ],
)
def test_names_of_images(paths, name):
    assert name_of_images([ImageSource(Path(path)) for path in paths]) == name


@pytest.mark.parametrize("name", ["con", "..", "🌻", "/etc/passwd", "a" * 200, "x\ny"])
def test_any_name_makes_a_folder_in_the_library(images, name):
    entry = create_entry(Project(sources=images, name=name))
    assert entry.folder.parent == projects_dir()
    assert not entry.folder.name.startswith(".")
    assert describe(entry).name == name


def test_renaming_changes_the_name_alone(images):
    entry = create_entry(Project(sources=images))
    rename_project(entry, "  Meadow \n 7 ")
    assert read_project(entry.project_file) == Project(sources=images, name="Meadow 7")
    assert entries() == [entry]
    with pytest.raises(ValueError, match="blank"):
        rename_project(entry, " \n")


def test_a_duplicate_has_everything_but_runs(images, tmp_path):
    edits = NO_EDITS.rename_class(["daisy"], "daisy", "Daisy")
    config = TrainConfig(epochs=7)
    project = Project(
        sources=images, edits=edits, config=config, last_run=tmp_path, starred_run=tmp_path
    )
    entry = create_entry(project)
    copy = duplicate_project(entry)
    assert read_project(copy.project_file) == Project(
        sources=images, edits=edits, config=config, name="Flöwers 2026 copy"
    )
    assert read_project(entry.project_file).last_run == tmp_path


def test_a_project_file_of_the_users_is_listed_where_it_is(images, tmp_path):
    file = tmp_path / "birds.fieldguide"
    write_project(file, Project(sources=images))
    before = file.read_bytes()
    entry = entry_of_file(file)
    assert entry_of_file(file) == entry
    assert entry.project_file == file
    assert describe(entry).name == "birds"
    assert file.read_bytes() == before
    file.unlink()
    assert entries() == [entry]
    assert "birds.fieldguide is not there" in describe(entry).problem


def test_a_file_that_is_no_project_gets_no_entry(tmp_path):
    file = tmp_path / "birds.fieldguide"
    file.write_text("[]")
    with pytest.raises(ProjectError, match=r"birds\.fieldguide is damaged"):
        entry_of_file(file)
    assert not projects_dir().exists()


def test_a_damaged_project_is_listed_with_its_problem(images):
    entry = create_entry(Project(sources=images))
    entry.project_file.write_text("{")
    described = describe(entry)
    assert described.name == "flowers-2026"
    assert "damaged" in described.problem


def test_images_find_their_project(images, tmp_path):
    entry = entry_for_images(Project(sources=images))
    assert entry_for_images(Project(sources=images)) == entry
    assert entry_of_images([ImageSource(tmp_path / "other")]) is None
    labelled = [ImageSource(images[0].path, "daisy")]
    assert entry_of_images(labelled) is None


def test_images_named_by_a_relative_path_find_their_project(images, monkeypatch):
    entry = entry_for_images(Project(sources=images))
    monkeypatch.chdir(images[0].path.parent)
    assert entry_for_images(Project(sources=(ImageSource(Path(images[0].path.name)),))) == entry


def test_the_project_used_last_of_several_is_taken(images):
    first, second = (create_entry(Project(sources=images)) for _ in range(2))
    os.utime(first.project_file, (2e9, 2e9))
    assert entry_of_images(images) == first
    os.utime(second.project_file, (3e9, 3e9))
    assert entry_of_images(images) == second


def test_a_project_has_its_own_runs_and_those_it_refers_to(images, tmp_path):
    entry = create_entry(Project(sources=images))
    own = RunFolder.create(None, TrainConfig(), images, runs=entry.runs_dir)
    elsewhere = RunFolder.create(tmp_path / "mine", TrainConfig(), images)
    entry.refer_to_runs([elsewhere.path, own.path])
    entry.refer_to_runs([elsewhere.path])
    assert own.path.parent == entry.runs_dir
    assert entry.runs() == [own.path, elsewhere.path]
    assert describe(entry).num_runs == 2
    entry.forget_run(elsewhere.path)
    assert entry.runs() == [own.path]
    assert elsewhere.path.is_dir()


def test_a_run_elsewhere_that_is_gone_is_not_listed(images, tmp_path):
    entry = create_entry(Project(sources=images))
    run = RunFolder.create(tmp_path / "mine", TrainConfig(), images)
    entry.refer_to_runs([run.path])
    run.path.rename(tmp_path / "moved")
    assert entry.runs() == []


@pytest.mark.parametrize(
    "text", ["", "[]", '{"schema": 1, "runs": ["relative"]}', '{"schema": 1, "runs": [7]}', "\x80"]
)
def test_a_damaged_list_of_runs_elsewhere_hides_no_project(images, text):
    entry = create_entry(Project(sources=images))
    (entry.folder / "elsewhere.json").write_text(text, "latin-1")
    assert entries() == [entry]
    assert entry.runs() == []


def test_earlier_runs_are_taken_over_by_the_project_of_their_images(images, tmp_path):
    known = create_entry(Project(sources=images))
    first = RunFolder.create(None, TrainConfig(), images)
    others = (ImageSource(tmp_path / "birds"),)
    second = RunFolder.create(None, TrainConfig(epochs=3), others)
    third = RunFolder.create(None, TrainConfig(), others)
    assert take_over_runs() == 3
    made = entry_of_images(others)
    assert made is not None
    assert known.runs() == [first.path]
    assert made.runs() == [second.path, third.path]
    assert read_project(made.project_file).config.epochs == 3
    assert take_over_runs() == 0


def test_a_run_goes_to_the_project_that_showed_it_last(images, tmp_path):
    run = RunFolder.create(None, TrainConfig(), images)
    file = tmp_path / "mine.fieldguide"
    write_project(file, Project(last_run=run.path))
    entry = entry_of_file(file)
    take_over_runs()
    assert entry.runs() == [run.path]
    assert entries() == [entry]


def test_a_damaged_earlier_run_is_left_where_it_is(images):
    run = RunFolder.create(None, TrainConfig(), images)
    (run.path / "config.json").write_text("{")
    take_over_runs()
    assert entries() == []
    assert run.path.is_dir()


def test_a_library_that_cannot_be_written_is_one_clear_message(images, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FIELDGUIDE_HOME", str(tmp_path / "file"))
    with pytest.raises(StorageError, match="projects"):
        create_entry(Project(sources=images))


def test_an_entry_reads_what_it_refers_to_from_json(tmp_path):
    entry = Entry(tmp_path / "entry")
    entry.refer_to_project(tmp_path / "p.fieldguide")
    content = json.loads((entry.folder / "elsewhere.json").read_text())
    assert content == {"schema": 1, "project": str(tmp_path / "p.fieldguide"), "runs": []}
    entry.refer_to_project(None)
    assert entry.project_file == entry.own_project_file
