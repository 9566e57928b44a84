"""A program that is killed while it writes to the library loses nothing."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.library.duplicate import duplicate_project
from core.library.library import (
    create_entry,
    describe,
    entries,
    entry_of_file,
    rename_project,
)
from core.library.project_archive import export_project, import_project
from core.project.project import Project
from core.project.project_file import read_project, write_project
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")

_WRITES = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "open", "shutil.rmtree")
_MOST_WRITES = 300


def killed_at(number: int, operation: Callable[[], object]) -> bool:
    """Do something in a process that is killed before its write of that number.

    Returns:
        Whether there was such a write.
    """
    child = os.fork()
    if child == 0:
        left = number

        def hook(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if event not in _WRITES or (event == "open" and arguments[1] in ("r", "rb", None)):
                return
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(hook)
            operation()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def try_each_kill(operation: Callable[[], object], check: Callable[[], object]) -> int:
    """Kill a program at each of its writes, and check what it left each time."""
    for number in range(_MOST_WRITES):
        was_killed = killed_at(number, operation)
        check()
        if not was_killed:
            return number
    raise AssertionError("it never ended")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("a", "b"):
        (tmp_path / "birds" / name).mkdir(parents=True)
        (tmp_path / "birds" / name / "1.png").write_bytes(b"image")
    return Project(name="birds", sources=(ImageSource(tmp_path / "birds"),))


def require_whole_projects() -> None:
    for entry in entries():
        assert not describe(entry).problem
        assert read_project(entry.project_file).sources


def test_new(project):
    assert try_each_kill(lambda: create_entry(project), require_whole_projects) > 3
    assert entries()


def test_rename(project):
    entry = create_entry(project)

    def check():
        assert read_project(entry.project_file).sources == project.sources
        assert describe(entry).name in ("birds", "owls")

    assert try_each_kill(lambda: rename_project(entry, "owls"), check) > 1
    assert describe(entry).name == "owls"


def test_duplicate(project):
    entry = create_entry(project)
    assert try_each_kill(lambda: duplicate_project(entry), require_whole_projects) > 3
    assert read_project(entry.project_file) == project


def test_a_project_file_of_the_users(project, tmp_path):
    file = tmp_path / "mine.fieldguide"
    write_project(file, project)
    assert try_each_kill(lambda: entry_of_file(file), require_whole_projects) > 3
    assert read_project(file) == project
    assert [entry.project_file for entry in entries()] == [file]


def test_import_and_export(project, tmp_path):
    entry = create_entry(project)
    run = RunFolder.create(None, TrainConfig(), project.sources, runs=entry.runs_dir)
    run.images_path.write_text('{"labels": []}\n')
    target = tmp_path / "birds.zip"
    export_project(entry, target)
    whole = target.read_bytes()

    def check_zip():
        assert len(target.read_bytes()) == len(whole)
        assert read_project(entry.project_file) == project

    assert try_each_kill(lambda: export_project(entry, target), check_zip) > 1

    def check_entries():
        require_whole_projects()
        for entry in entries():
            assert len(entry.runs()) == 1

    assert try_each_kill(lambda: import_project(target), check_entries) > 10


def test_listing_a_run(project, tmp_path):
    entry = create_entry(project)
    runs = [
        RunFolder.create(tmp_path / name, TrainConfig(), project.sources).path for name in "abc"
    ]
    entry.refer_to_runs(runs[:2])

    def check():
        assert entry.runs() in (runs[:2], runs)

    assert try_each_kill(lambda: entry.refer_to_runs(runs), check) > 1
    assert entry.runs() == runs
