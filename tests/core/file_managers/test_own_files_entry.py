import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import FieldguideError, IntegrationError
from core.file_managers.all_entries import all_entries
from core.file_managers.desktop_menu import DesktopMenuEntry
from core.file_managers.dolphin import DolphinEntry
from core.file_managers.entry import EntryState
from core.file_managers.nautilus import NautilusEntry
from core.file_managers.nemo import NemoEntry
from core.storage.app_dirs import data_dir
from tests.core.file_managers.conftest import tree

PROGRAM = ("/opt/fieldguide",)
COMMAND = (*PROGRAM, "classify", "--window", "--")
ICON = ".local/share/icons/hicolor/scalable/apps/fieldguide.svg"


def names():
    return [entry.name for entry in all_entries(PROGRAM)]


@pytest.fixture(params=names())
def entry(request, home):
    """Each of this system's entries."""
    return next(entry for entry in all_entries(PROGRAM) if entry.name == request.param)


def test_nothing_is_left_of_a_removed_entry(home, entry):
    before = tree(home)
    assert entry.status().state is EntryState.ABSENT
    assert entry.install()
    assert entry.status().state is EntryState.INSTALLED
    assert entry.remove()
    assert entry.status().state is EntryState.ABSENT
    assert tree(home) == before


def test_installing_twice_changes_nothing(home, entry):
    entry.install()
    before = tree(home)
    assert not entry.install()
    assert tree(home) == before


def test_all_together_leave_nothing(home):
    before = tree(home)
    entries = all_entries(PROGRAM)
    for entry in entries:
        entry.install()
    for entry in entries:
        assert entry.remove()
    assert tree(home) == before


def test_empty_folder_that_was_there_stays(home):
    scripts = home / ".local/share/nautilus/scripts"
    scripts.mkdir(parents=True)
    before = tree(home)
    entry = NautilusEntry(COMMAND)
    entry.install()
    entry.remove()
    assert tree(home) == before


def test_folder_that_others_use_by_now_stays(home):
    entry = NemoEntry(COMMAND)
    entry.install()
    other = home / ".local/share/nemo/actions/other.nemo_action"
    other.write_text("mine")
    entry.remove()
    assert other.read_text() == "mine"
    assert not (home / ".local/share/icons").exists()


def test_icon_stays_as_long_as_an_entry_needs_it(home):
    first, second = NemoEntry(COMMAND), DolphinEntry(COMMAND)
    first.install()
    second.install()
    first.remove()
    assert (home / ICON).is_file()
    assert second.status().state is EntryState.INSTALLED
    second.remove()
    assert not (home / ICON).exists()


def test_edited_file_is_told_and_left_alone(home):
    entry = NemoEntry(COMMAND)
    entry.install()
    path = home / ".local/share/nemo/actions/fieldguide-classify.nemo_action"
    path.write_text(path.read_text() + "# mine\n")
    before = path.read_bytes()
    status = entry.status()
    assert status.state is EntryState.EDITED
    for change in (entry.install, entry.remove):
        with pytest.raises(IntegrationError, match=f"{re.escape(str(path))} was changed since"):
            change()
    assert path.read_bytes() == before


def test_file_of_others_in_the_way_is_told_and_left_alone(home):
    path = home / ".local/share/kio/servicemenus/fieldguide.desktop"
    path.parent.mkdir(parents=True)
    path.write_text("not ours")
    before = tree(home)
    entry = DolphinEntry(COMMAND)
    assert entry.status().state is EntryState.BLOCKED
    with pytest.raises(IntegrationError, match="is not from Fieldguide"):
        entry.install()
    assert not entry.remove()
    assert tree(home) == before


def test_entry_follows_the_program(home):
    NemoEntry(COMMAND).install()
    moved = NemoEntry(("/new", *COMMAND[1:]))
    assert moved.status().state is EntryState.OUTDATED
    assert moved.install()
    assert moved.status().state is EntryState.INSTALLED


def test_half_an_entry_is_completed(home):
    entry = NautilusEntry(COMMAND)
    entry.install()
    path = home / ".local/share/nautilus/scripts/Classify with Fieldguide"
    path.unlink()
    assert entry.install()
    assert path.stat().st_mode & 0o111


def test_entry_is_recognised_without_the_record(home):
    entry = DolphinEntry(COMMAND)
    entry.install()
    (data_dir() / "integration.json").unlink()
    assert entry.status().state is EntryState.INSTALLED
    assert entry.remove()
    assert entry.status().state is EntryState.ABSENT


def test_damaged_record_is_named(home):
    path = data_dir() / "integration.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"files": 3}))
    with pytest.raises(FieldguideError, match=f"{re.escape(str(path))} is damaged"):
        NemoEntry(COMMAND).install()
    status = NemoEntry(COMMAND).status()
    assert status.state is EntryState.BLOCKED
    assert str(path) in status.problem


def test_what_cant_be_written_is_named(home):
    (home / ".local").write_text("a file, where a folder is needed")
    with pytest.raises(FieldguideError, match=r"\.local.*Check|Can't"):
        NemoEntry(COMMAND).install()


def test_desktop_never_opens_folders_with_it(home):
    DesktopMenuEntry(COMMAND).install()
    for path in (home / ".local/share/applications").iterdir():
        assert "inode/directory" not in path.read_text()


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="no desktop-file-utils")
def test_desktop_files_keep_the_specification(home, recorder):
    DesktopMenuEntry(recorder.command).install()
    for path in (home / ".local/share/applications").glob("*.desktop"):
        done = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "")


def test_two_programs_at_once_leave_a_whole_record(home, fieldguide_home):
    code = (
        "import sys; from core.file_managers.all_entries import all_entries\n"
        "for entry in all_entries(('/opt/fieldguide',)):\n"
        "    if entry.name == sys.argv[1]: entry.install()"
    )
    checkout = Path(__file__).resolve().parents[3]
    started = [
        subprocess.Popen([sys.executable, "-c", code, name], cwd=checkout) for name in names()
    ]
    assert [each.wait() for each in started] == [0] * len(started)
    states = {entry.status().state for entry in all_entries(PROGRAM)}
    assert states == {EntryState.INSTALLED}
