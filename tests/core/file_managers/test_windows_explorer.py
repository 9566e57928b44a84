import re

import pytest

from core.errors import IntegrationError
from core.file_managers.entry import EntryState
from core.file_managers.windows_explorer import VERB, WindowsExplorerEntry

PROGRAM = r"C:\Program Files\Fieldguide\fieldguide.exe"
COMMAND = (PROGRAM, "classify", "--window", "--")
IMAGE = rf"Software\Classes\SystemFileAssociations\image\shell\{VERB}"
FOLDER = rf"Software\Classes\Directory\shell\{VERB}"


class FakeKey(str):
    __slots__ = ()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


class FakeRegistry:
    """A part of `winreg`, in memory; like it, it deletes no key that has keys below."""

    HKEY_CURRENT_USER, REG_SZ = object(), 1

    def __init__(self):
        self.keys = {}

    def CreateKey(self, root, key):  # noqa: N802
        assert root is self.HKEY_CURRENT_USER
        parts = key.split("\\")
        for count in range(len(parts)):
            self.keys.setdefault("\\".join(parts[: count + 1]), {})
        return FakeKey(key)

    def OpenKey(self, root, key):  # noqa: N802
        if key not in self.keys:
            raise FileNotFoundError(2, "no such key")
        return FakeKey(key)

    def SetValueEx(self, key, name, reserved, kind, value):  # noqa: N802
        assert (reserved, kind) == (0, self.REG_SZ)
        self.keys[key][name] = value

    def QueryInfoKey(self, key):  # noqa: N802
        return 0, len(self.keys[key]), 0

    def EnumValue(self, key, index):  # noqa: N802
        name, value = list(self.keys[key].items())[index]
        return name, value, self.REG_SZ

    def DeleteKey(self, root, key):  # noqa: N802
        self.OpenKey(root, key)
        if any(other.startswith(key + "\\") for other in self.keys):
            raise PermissionError(5, "it has keys")
        del self.keys[key]


@pytest.fixture
def registry():
    return FakeRegistry()


@pytest.fixture
def entry(registry):
    return WindowsExplorerEntry(COMMAND, registry)


def test_images_and_folders_get_the_verb(entry, registry):
    assert entry.install()
    assert entry.status().state is EntryState.INSTALLED
    for key in (IMAGE, FOLDER):
        assert registry.keys[key][""] == "Classify with Fieldguide"
        line = registry.keys[rf"{key}\command"][""]
        assert line == f'"{PROGRAM}" classify --window -- "%1"'
        # As the C library of Windows splits it, for a name that has all it may have.
        started = line.replace("%1", r"C:\it's 100% é\$x & (y).png")
        words = [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', started)]
        assert words == [*COMMAND, r"C:\it's 100% é\$x & (y).png"]


def test_installing_twice_changes_nothing(entry, registry):
    entry.install()
    before = str(registry.keys)
    assert not entry.install()
    assert str(registry.keys) == before


def test_others_verbs_stay(entry, registry):
    registry.CreateKey(registry.HKEY_CURRENT_USER, rf"{IMAGE.removesuffix(VERB)}Other")
    registry.CreateKey(registry.HKEY_CURRENT_USER, FOLDER.removesuffix(rf"\{VERB}"))
    before = dict(registry.keys)
    entry.install()
    assert entry.remove()
    assert registry.keys == before
    assert entry.status().state is EntryState.ABSENT


def test_edited_verb_is_told_and_left_alone(entry, registry):
    entry.install()
    registry.keys[IMAGE][""] = "Mine"
    assert entry.status().state is EntryState.EDITED
    for change in (entry.install, entry.remove):
        with pytest.raises(IntegrationError, match="Delete it with regedit"):
            change()
    assert registry.keys[IMAGE][""] == "Mine"


def test_verb_of_others_is_told_and_left_alone(entry, registry):
    registry.CreateKey(registry.HKEY_CURRENT_USER, IMAGE)
    registry.keys[IMAGE][""] = "Theirs"
    with pytest.raises(IntegrationError):
        entry.install()
    assert not entry.remove()
    assert registry.keys[IMAGE] == {"": "Theirs"}


def test_entry_follows_the_program(entry, registry):
    entry.install()
    moved = WindowsExplorerEntry((r"D:\fieldguide.exe", *COMMAND[1:]), registry)
    assert moved.status().state is EntryState.OUTDATED
    moved.install()
    assert registry.keys[rf"{IMAGE}\command"][""] == r'D:\fieldguide.exe classify --window -- "%1"'


def test_what_was_begun_and_failed_is_taken_back(entry, registry, monkeypatch):
    calls = []

    def refuse(*arguments):
        calls.append(arguments)
        if len(calls) > 2:
            raise PermissionError(5, "denied")

    monkeypatch.setattr(registry, "SetValueEx", refuse)
    with pytest.raises(Exception, match="Can't write the registry key"):
        entry.install()
    assert not any(VERB in key for key in registry.keys)
