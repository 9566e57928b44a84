"""The entry of a file manager, as commands and the window use it."""

import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from core.errors import FieldguideError
from core.file_managers.install_record import InstallRecord, changing_record
from core.text import Text


class EntryState(StrEnum):
    """The state of an entry."""

    ABSENT = "absent"
    INSTALLED = "installed"
    OUTDATED = "outdated"
    """Written by Fieldguide, but its content has changed since: the program moved."""
    EDITED = "edited"
    """Changed by the user since; neither replaced nor removed."""
    BLOCKED = "blocked"
    """Something else is in its place; left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryStatus:
    """The state of an entry, with its problem.

    Attributes:
        files: That the entry consists of, or is part of.
        problem: Which file is edited or in the way and what to do; "" for none.
    """

    state: EntryState
    files: tuple[Path, ...] = ()
    problem: str = ""


class FileManagerEntry(ABC):
    """The entry "Classify with Fieldguide" in one file manager, for this user only.

    Attributes:
        name: On the command line.
        title: In the window, a `Text`.
        programs: Any of these on the path means that the file manager is installed.
        hint: What to do to see a change at once, a `Text`; "" for nothing.
    """

    name: ClassVar[str]
    title: ClassVar[Text]
    programs: ClassVar[tuple[str, ...]] = ()
    hint: ClassVar[str] = ""

    def is_present(self) -> bool:
        """Return whether the file manager is on this computer."""
        return not self.programs or any(shutil.which(name) for name in self.programs)

    def status(self) -> EntryStatus:
        """Find the state of the entry on disk."""
        try:
            return self._status(InstallRecord.load())
        except FieldguideError as error:
            return EntryStatus(state=EntryState.BLOCKED, problem=str(error))

    def install(self) -> bool:
        """Put the entry in place.

        Returns:
            Whether anything had to be changed.

        Raises:
            IntegrationError: If that would overwrite a file that isn't Fieldguide's or was edited.
            StorageError: If a file can't be written.
        """
        with changing_record() as record:
            return self._install(record)

    def remove(self) -> bool:
        """Remove the entry and restore what was there before.

        Returns:
            Whether anything had to be changed.

        Raises:
            IntegrationError: If that would lose an edit of the user's.
            StorageError: If a file can't be written.
        """
        with changing_record() as record:
            return self._remove(record)

    @abstractmethod
    def _status(self, record: InstallRecord) -> EntryStatus: ...

    @abstractmethod
    def _install(self, record: InstallRecord) -> bool: ...

    @abstractmethod
    def _remove(self, record: InstallRecord) -> bool: ...
