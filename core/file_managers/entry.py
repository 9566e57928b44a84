"""What every file manager's entry can be asked."""

import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from core.errors import FieldguideError
from core.file_managers.install_record import InstallRecord, changing_record


class EntryState(StrEnum):
    """How an entry stands."""

    ABSENT = "absent"
    INSTALLED = "installed"
    OUTDATED = "outdated"
    """Written by Fieldguide, but now it would be written otherwise: the program moved."""
    EDITED = "edited"
    """Changed by somebody since; neither replaced nor removed."""
    BLOCKED = "blocked"
    """Something in the way that isn't Fieldguide's; left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryStatus:
    """How an entry stands, and what there is to say about it.

    Attributes:
        files: What the entry consists of, or is part of.
        problem: Which file is edited or in the way and what to do; "" otherwise.
    """

    state: EntryState
    files: tuple[Path, ...] = ()
    problem: str = ""


class FileManagerEntry(ABC):
    """The entry "Classify with Fieldguide" in one file manager, for this user alone.

    Attributes:
        name: On the command line.
        title: For people.
        programs: Any of these on the path means that the file manager is here; none needed.
        hint: What to do to see a change at once; "" for nothing.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    programs: ClassVar[tuple[str, ...]] = ()
    hint: ClassVar[str] = ""

    def is_present(self) -> bool:
        """Whether the file manager is on this computer."""
        return not self.programs or any(shutil.which(name) for name in self.programs)

    def status(self) -> EntryStatus:
        """How the entry stands now, by what is on disk."""
        try:
            return self._status(InstallRecord.load())
        except FieldguideError as error:
            return EntryStatus(state=EntryState.BLOCKED, problem=str(error))

    def install(self) -> bool:
        """Put the entry in place.

        Returns:
            Whether anything had to be changed.

        Raises:
            IntegrationError: If that would overwrite what isn't Fieldguide's or was edited.
            StorageError: If a file can't be written.
        """
        with changing_record() as record:
            return self._install(record)

    def remove(self) -> bool:
        """Leave what there was before the entry.

        Returns:
            Whether anything had to be changed.

        Raises:
            IntegrationError: If that would lose what somebody edited.
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
