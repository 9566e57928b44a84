import re
import stat
from pathlib import Path

import pytest

from core.errors import IntegrationError, StorageError
from core.file_managers.entry import EntryState
from core.file_managers.thunar import ThunarEntry
from core.file_managers.uca import UcaFile
from tests.core.file_managers.conftest import tree

COMMAND = ("/opt/fieldguide", "classify", "--window", "--")
# As it is once the file was written anew.
OTHER = b"""\
\t<action>
\t\t<name>Other</name>
\t\t<unique-id>1-1</unique-id>
\t\t<command>x %f</command>
\t</action>
"""
USERS = b"<!-- mine -->\n<actions>\n" + OTHER + b"</actions>\n"
# As Thunar 4.18 writes it after a change in its own dialog.
SAVED = """<?xml version="1.0" encoding="UTF-8"?>
<actions>
<action>
\t<icon>fieldguide</icon>
\t<name>Classify with Fieldguide</name>
\t<submenu></submenu>
\t<unique-id>fieldguide-classify</unique-id>
\t<command>/opt/fieldguide classify --window -- %F</command>
\t<description>Names what is in pictures</description>
\t<range></range>
\t<patterns>*</patterns>
\t<directories/>
\t<image-files/>
</action>
</actions>
"""


@pytest.fixture
def entry(home):
    return ThunarEntry(COMMAND)


@pytest.fixture
def uca(home) -> Path:
    path = home / ".config" / "Thunar" / "uca.xml"
    path.parent.mkdir(parents=True)
    path.write_bytes(USERS)
    return path


def test_others_actions_stay_and_come_back_to_the_byte(home, entry, uca):
    before = tree(home)
    assert entry.status().state is EntryState.ABSENT
    assert entry.install()
    assert entry.status().state is EntryState.INSTALLED
    assert OTHER in uca.read_bytes()
    assert entry.remove()
    assert tree(home) == before


def test_installing_twice_changes_nothing(home, entry, uca):
    entry.install()
    before = tree(home)
    assert not entry.install()
    assert tree(home) == before


def test_removing_what_is_not_there_changes_nothing(home, entry, uca):
    before = tree(home)
    assert not entry.remove()
    assert tree(home) == before


def test_without_a_file_thunars_own_actions_are_kept(home, entry, tmp_path):
    system = tmp_path / "xdg" / "Thunar" / "uca.xml"
    system.parent.mkdir(parents=True)
    system.write_bytes(USERS)
    before = tree(home)
    entry.install()
    assert OTHER in (home / ".config/Thunar/uca.xml").read_bytes()
    entry.remove()
    assert tree(home) == before


def test_file_made_for_the_entry_stays_with_what_others_put_in(home, entry):
    entry.install()
    path = home / ".config/Thunar/uca.xml"
    path.write_bytes(path.read_bytes().replace(b"</actions>", OTHER + b"</actions>"))
    entry.remove()
    assert path.read_bytes().count(b"<action>") == 1
    assert OTHER in path.read_bytes()


def test_file_made_from_thunars_own_goes_when_nothing_else_is_in_it(home, entry, tmp_path):
    system = tmp_path / "xdg" / "Thunar" / "uca.xml"
    system.parent.mkdir(parents=True)
    system.write_bytes(USERS)
    entry.install()
    path = home / ".config/Thunar/uca.xml"
    # As somebody's editor saves it.
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    entry.remove()
    assert not path.exists()


def test_file_made_for_the_entry_goes_however_it_was_saved_since(home, entry):
    entry.install()
    path = home / ".config/Thunar/uca.xml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n\n"))
    entry.remove()
    assert not path.exists()


def test_empty_element_comes_back(home, entry, uca):
    uca.write_bytes(b"<actions/>")
    entry.install()
    entry.remove()
    assert uca.read_bytes() == b"<actions/>"


def test_file_saved_by_thunar_still_has_the_entry(entry, uca):
    entry.install()
    uca.write_text(SAVED)
    assert entry.status().state is EntryState.INSTALLED
    entry.remove()
    assert UcaFile.parse(uca.read_bytes()).own is None


def test_edited_action_is_told_and_left_alone(entry, uca):
    entry.install()
    uca.write_bytes(uca.read_bytes().replace(b"--window", b"--json"))
    before = uca.read_bytes()
    assert entry.status().state is EntryState.EDITED
    for change in (entry.install, entry.remove):
        with pytest.raises(IntegrationError, match=rf"in {re.escape(str(uca))} was changed"):
            change()
    assert uca.read_bytes() == before


def test_entry_follows_the_program(home, entry, uca):
    before = tree(home)
    entry.install()
    moved = ThunarEntry(("/new/place", *COMMAND[1:]))
    assert moved.status().state is EntryState.OUTDATED
    assert moved.install()
    assert b"/opt/fieldguide" not in uca.read_bytes()
    assert moved.remove()
    assert tree(home) == before


@pytest.mark.parametrize("content", [b"", b"<actions>", b"\xff"], ids=["empty", "cut", "bytes"])
def test_malformed_file_is_named_and_left_alone(home, entry, uca, content):
    uca.write_bytes(content)
    before = tree(home)
    status = entry.status()
    assert status.state is EntryState.BLOCKED
    assert str(uca) in status.problem
    for change in (entry.install, entry.remove):
        with pytest.raises(IntegrationError, match="Repair it, or rename it"):
            change()
    assert tree(home) == before


def test_read_only_file_is_named_and_left_alone(home, entry, uca):
    uca.chmod(0o444)
    before = tree(home)
    with pytest.raises(IntegrationError, match=r"uca\.xml is read-only.*chmod u\+w"):
        entry.install()
    assert tree(home) == before


def test_link_and_rights_of_the_file_are_kept(entry, uca, tmp_path):
    elsewhere = tmp_path / "dotfiles.xml"
    uca.rename(elsewhere)
    elsewhere.chmod(0o600)
    uca.symlink_to(elsewhere)
    entry.install()
    assert uca.is_symlink()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600
    entry.remove()
    assert elsewhere.read_bytes() == USERS


def test_folders_of_the_user_can_lie_elsewhere(home, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    ThunarEntry(COMMAND).install()
    assert (tmp_path / "config/Thunar/uca.xml").is_file()
    assert (tmp_path / "data/icons/hicolor/scalable/apps/fieldguide.svg").is_file()
    assert not any(home.iterdir())


def test_file_that_cant_be_read_is_named(home, entry, uca):
    uca.unlink()
    uca.mkdir()
    status = entry.status()
    assert status.state is EntryState.BLOCKED
    assert str(uca) in status.problem
    with pytest.raises(StorageError, match="Can't read"):
        entry.install()
    assert uca.is_dir()
