"""Windows Explorer: verbs in the user's part of the registry."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from core.errors import IntegrationError, StorageError
from core.file_managers.entry import EntryState, EntryStatus, FileManagerEntry
from core.file_managers.install_record import InstallRecord, Written, digest
from core.file_managers.program_command import ENTRY_TEXT
from core.text import Text

VERB = "Fieldguide.Classify"
_PARENTS = (
    r"Software\Classes\SystemFileAssociations\image\shell",
    r"Software\Classes\Directory\shell",
)
_Values = dict[tuple[str, str], str]


class WindowsExplorerEntry(FileManagerEntry):
    """A verb for images and another for folders.

    Explorer starts the program once for each selected file.

    Args:
        command: The words before the file.
        registry: The module `winreg`, or one that behaves like it.
    """

    name = "explorer"
    title = Text("Explorer (Windows)")

    def __init__(self, command: tuple[str, ...], registry: Any = None) -> None:  # noqa: ANN401
        self._registry = _winreg() if registry is None else registry
        # Names can't hold quotes on Windows, and none of these ends in a backslash.
        line = f'{subprocess.list2cmdline(command)} "%1"'
        self._keys = [rf"{parent}\{VERB}" for parent in _PARENTS]
        self._wanted: _Values = {}
        for key in self._keys:
            self._wanted[key, ""] = ENTRY_TEXT
            self._wanted[key, "Icon"] = f'"{command[0]}"'
            # Else Explorer hides the verb when more than 15 files are selected.
            self._wanted[key, "MultiSelectModel"] = "Player"
            self._wanted[rf"{key}\command", ""] = line

    def _status(self, record: InstallRecord) -> EntryStatus:
        state = self._state(record)
        problem = self._problem() if state in (EntryState.EDITED, EntryState.BLOCKED) else ""
        files = tuple(Path("HKEY_CURRENT_USER") / key for key in self._keys)
        return EntryStatus(state=state, files=files, problem=problem)

    def _install(self, record: InstallRecord) -> bool:
        state = self._state(record)
        if state in (EntryState.EDITED, EntryState.BLOCKED):
            raise IntegrationError(self._problem())
        if state is EntryState.INSTALLED:
            return False
        try:
            for (key, name), value in self._wanted.items():
                with self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, key) as handle:
                    self._registry.SetValueEx(handle, name, 0, self._registry.REG_SZ, value)
        except OSError as error:
            self._delete_all()
            raise StorageError(
                Text(
                    "Can't write the registry key %1: %2. Ask the administrator of this computer.",
                    key,
                    str(error),
                )
            ) from error
        record.files[self._keys[0]] = Written(_digest(self._wanted), [self.name])
        return True

    def _remove(self, record: InstallRecord) -> bool:
        state = self._state(record)
        if state is EntryState.EDITED:
            raise IntegrationError(self._problem())
        if state in (EntryState.ABSENT, EntryState.BLOCKED):
            return record.files.pop(self._keys[0], None) is not None
        self._delete_all()
        del record.files[self._keys[0]]
        return True

    def _delete_all(self) -> None:
        for key in self._keys:
            for each in (rf"{key}\command", key):
                self._delete(each)

    def _delete(self, key: str) -> None:
        try:
            self._registry.DeleteKey(self._registry.HKEY_CURRENT_USER, key)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StorageError(
                Text("Can't delete the registry key %1: %2. Use regedit.", key, str(error))
            ) from error

    def _state(self, record: InstallRecord) -> EntryState:
        found = self._found()
        if not found:
            return EntryState.ABSENT
        written = record.files.get(self._keys[0])
        if found == self._wanted and written is not None:
            return EntryState.INSTALLED
        if written is None:
            return EntryState.BLOCKED
        return EntryState.OUTDATED if _digest(found) == written.sha256 else EntryState.EDITED

    def _found(self) -> _Values:
        """Return all values of the verbs' keys."""
        found: _Values = {}
        for key in (each for verb in self._keys for each in (verb, rf"{verb}\command")):
            try:
                with self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, key) as handle:
                    count = self._registry.QueryInfoKey(handle)[1]
                    for index in range(count):
                        name, value, _ = self._registry.EnumValue(handle, index)
                        found[key, name] = str(value)
            except FileNotFoundError:
                continue
        return found

    def _problem(self) -> Text:
        key = f"HKEY_CURRENT_USER\\{self._keys[0]}"
        return Text(
            "The registry key %1, or the one for folders, is not as Fieldguide wrote it and is "
            "left as it is. Delete it with regedit, then try again.",
            key,
        )


def _digest(values: _Values) -> str:
    return digest(repr(sorted(values.items())).encode())


def _winreg() -> Any:  # noqa: ANN401 - the module exists on one system only
    assert sys.platform == "win32"
    import winreg

    return winreg
