import shutil
from datetime import datetime
from pathlib import Path

import pytest

from core.capture.captures import captures_folder
from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS
from core.errors import StorageError
from core.library.duplicate import duplicate_project
from core.library.entry import Entry
from core.library.library import create_entry, entries
from core.library.project_archive import export_project, import_project
from core.project.project import Project
from core.project.project_file import read_project, write_project
from core.storage.app_dirs import projects_dir
from tests.library_projects import make_pictures


@pytest.fixture
def entry(tmp_path) -> Entry:
    """A project of a folder of pictures, and of pictures of the camera."""
    entry = create_entry(
        Project(sources=(ImageSource(make_pictures(tmp_path / "zoo")),), name="zoo")
    )
    captured = entry.captures_dir / "my cat"
    captured.mkdir(parents=True)
    (captured / "1.jpg").write_bytes(b"one")
    (captured / "2.jpg").write_bytes(b"two")
    project = read_project(entry.project_file)
    edits = NO_EDITS.exclude([captured / "2.jpg"]).exclude([tmp_path / "zoo/cat/0.png"])
    sources = (*project.sources, ImageSource(captured, "my cat"))
    run = entry.runs_dir / "first"
    run.mkdir(parents=True)
    (run / "config.json").write_text("{}")
    write_project(
        entry.project_file, Project(sources=sources, edits=edits, name="zoo", last_run=run)
    )
    return entry


def files(folder: Path) -> list[str]:
    found = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted(found)


def test_the_folder_of_captures_is_where_the_camera_writes(entry):
    assert entry.captures_dir == captures_folder(entry.project_file, datetime.now().astimezone())


def test_a_duplicate_has_captures_of_its_own(entry, tmp_path):
    copy = duplicate_project(entry)
    project = read_project(copy.project_file)
    captured = copy.captures_dir / "my cat"
    assert project.sources == (
        ImageSource(tmp_path / "zoo"),
        ImageSource(captured, "my cat"),
    )
    assert project.edits.excluded == {captured / "2.jpg", tmp_path / "zoo/cat/0.png"}
    assert (project.name, project.last_run) == ("zoo copy", None)
    assert files(copy.folder) == [
        "project captures/my cat/1.jpg",
        "project captures/my cat/2.jpg",
        "project.fieldguide",
    ]
    shutil.rmtree(entry.folder)
    assert (captured / "1.jpg").read_bytes() == b"one"


def test_so_has_one_of_an_imported_project(entry, tmp_path):
    export_project(entry, tmp_path / "zoo.zip")
    imported = import_project(tmp_path / "zoo.zip")
    copy = duplicate_project(imported)
    sources = read_project(copy.project_file).sources
    assert len(sources) == 2
    assert all(source.path.is_relative_to(copy.folder) for source in sources)
    assert all(source.path.is_dir() for source in sources)


def test_folders_that_only_seem_to_be_the_projects_are_not_copied(entry, tmp_path):
    outside = ImageSource(entry.folder / ".." / ".." / "elsewhere")
    gone = ImageSource(entry.folder / "gone")
    project = Project(sources=(outside, gone, ImageSource(entry.folder)), name="odd")
    write_project(entry.project_file, project)
    copy = duplicate_project(entry)
    assert files(copy.folder) == ["project.fieldguide"]


def test_a_link_out_of_the_folder_is_refused_and_nothing_is_left(entry, tmp_path):
    (entry.captures_dir / "my cat/3.jpg").symlink_to(tmp_path / "zoo/cat/0.png")
    with pytest.raises(StorageError, match=r"3\.jpg"):
        duplicate_project(entry)
    assert entries() == [entry]


def test_a_cancelled_copy_leaves_nothing(entry):
    class CancelledError(Exception):
        pass

    def cancel() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        duplicate_project(entry, cancel)
    assert entries() == [entry]
    left = {path.name for path in projects_dir().iterdir()}
    assert left <= {entry.folder.name, ".lock"}
