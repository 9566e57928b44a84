"""Entries that consist of files of their own, and the icon that they share."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Sequence

from core.errors import FieldguideError, IntegrationError
from core.file_managers.entry import EntryState, EntryStatus, FileManagerEntry
from core.file_managers.install_record import InstallRecord
from core.file_managers.own_files import (
    OwnFile,
    data_home,
    delete_file,
    file_state,
    problem_of,
    write_file,
)
from core.text import sentences
from resources import resource_path

ICON_NAME = "fieldguide"


class OwnFilesEntry(FileManagerEntry):
    """An entry that is installed when all of its files are.

    Args:
        command: The words before the files that are to be classified.
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        self._command = command

    @abstractmethod
    def _files(self) -> Sequence[OwnFile]:
        """Return the files to install, and those to remove only."""

    def _changed(self, record: InstallRecord) -> None:
        """Update an index of such files, after a change."""

    def _status(self, record: InstallRecord) -> EntryStatus:
        files = self._files()
        states = [(file, file_state(file, record, self.name)) for file in files]
        problems = [text for file, state in states if (text := problem_of(file.path, state))]
        return EntryStatus(
            state=_together(states),
            files=tuple(file.path for file in files if file.is_wanted),
            problem=sentences(*problems),
        )

    def _install(self, record: InstallRecord) -> bool:
        files = [file for file in self._files() if file.is_wanted]
        for file in files:
            # All of them first: an entry is there whole or not at all.
            if problem := problem_of(file.path, file_state(file, record, self.name)):
                raise IntegrationError(problem)
        changes = [write_file(file, record, self.name) for file in files]
        if any(changes):
            self._changed(record)
        return any(changes)

    def _remove(self, record: InstallRecord) -> bool:
        changes, problems = [], []
        for file in self._files():
            try:
                changes.append(delete_file(file, record, self.name))
            except FieldguideError as error:
                problems.append(str(error))
        if any(changes):
            self._changed(record)
        if problems:
            raise IntegrationError(sentences(*problems))
        return any(changes)


def icon_file() -> OwnFile:
    """The program's icon where desktops look for it, one drawing for every size."""
    path = data_home() / "icons" / "hicolor" / "scalable" / "apps" / f"{ICON_NAME}.svg"
    return OwnFile(path, resource_path("icons", "fieldguide.svg").read_bytes())


def _together(states: Sequence[tuple[OwnFile, EntryState]]) -> EntryState:
    """Combine the states of files; what needs the user's attention comes first."""
    found = Counter(state for _, state in states)
    for state in (EntryState.BLOCKED, EntryState.EDITED, EntryState.OUTDATED):
        if found[state]:
            return state
    if not found[EntryState.INSTALLED]:
        return EntryState.ABSENT
    is_whole = all((state is EntryState.INSTALLED) == file.is_wanted for file, state in states)
    return EntryState.INSTALLED if is_whole else EntryState.OUTDATED
