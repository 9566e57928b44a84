"""Whole files of Fieldguide's in other programs' folders: write, recognise and remove them.

The folders that they lie in are those of the XDG Base Directory Specification.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from core.errors import IntegrationError, StorageError
from core.file_managers.entry import EntryState
from core.file_managers.install_record import InstallRecord, Written, digest
from core.storage.atomic_file import write_bytes_atomically
from core.storage.storage_message import storage_message
from core.text import Text

_PROGRAM_MODE = 0o755


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of an entry.

    Attributes:
        is_program: Whether it gets the run bit.
        is_wanted: Whether an installation writes it; an existing one is removed either way.
    """

    path: Path
    content: bytes
    is_program: bool = False
    is_wanted: bool = True


def file_state(file: OwnFile, record: InstallRecord, owner: str) -> EntryState:
    """Find the state of a file for an entry that needs it."""
    content = read_if_there(file.path)
    if content is None:
        return EntryState.ABSENT
    written = record.get(file.path)
    if written is None:
        return EntryState.INSTALLED if content == file.content else EntryState.BLOCKED
    if digest(content) != written.sha256:
        return EntryState.EDITED
    if owner not in written.owners:
        return EntryState.ABSENT
    return EntryState.INSTALLED if content == file.content else EntryState.OUTDATED


def problem_of(path: Path, state: EntryState) -> str:
    """Say why a file is left alone; "" if it isn't."""
    if state is EntryState.EDITED:
        return Text(
            "%1 was changed since Fieldguide wrote it and is left as it is. Delete it yourself if "
            "nothing in it is needed, then install or remove again.",
            str(path),
        )
    if state is EntryState.BLOCKED:
        return Text(
            "%1 is not from Fieldguide and is left as it is. Rename it, then try again.", str(path)
        )
    return ""


def write_file(file: OwnFile, record: InstallRecord, owner: str) -> bool:
    """Put a file in place; return whether that changed anything.

    Raises:
        IntegrationError: If it was edited or isn't Fieldguide's.
        StorageError: If it can't be written.
    """
    state = file_state(file, record, owner)
    if problem := problem_of(file.path, state):
        raise IntegrationError(problem)
    if state is EntryState.INSTALLED:
        return False
    known = record.get(file.path)
    record.note_folders(file.path)
    write_bytes_atomically(file.path, file.content, _PROGRAM_MODE if file.is_program else None)
    record.files[str(file.path)] = Written(
        sha256=digest(file.content),
        owners=sorted({owner, *(known.owners if known else ())}),
    )
    return True


def delete_file(file: OwnFile, record: InstallRecord, owner: str) -> bool:
    """Remove a file unless another entry needs it; return whether the entry had it.

    Raises:
        IntegrationError: If it was edited.
        StorageError: If it can't be deleted.
    """
    written, state = record.get(file.path), file_state(file, record, owner)
    if written is None and state is not EntryState.INSTALLED:
        return False
    if written is not None and owner not in written.owners:
        return False
    if written is not None and len(written.owners) > 1:
        written.owners.remove(owner)
        return True
    if state is EntryState.EDITED:
        raise IntegrationError(problem_of(file.path, state))
    try:
        file.path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(storage_message("delete", file.path, error)) from error
    record.files.pop(str(file.path), None)
    return True


def read_if_there(path: Path) -> bytes | None:
    """Return the content of a file; None if there is none.

    Raises:
        StorageError: If it can't be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(storage_message("read", path, error)) from error


def replace_shared_file(path: Path, content: bytes) -> None:
    """Write a file that belongs to others too; its permissions stay, and links to it.

    Raises:
        StorageError: If it can't be written.
    """
    # Some keep their settings elsewhere and link to them.
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    write_bytes_atomically(target, content, mode)


def config_home() -> Path:
    """Return the folder of the user's settings."""
    return _home("XDG_CONFIG_HOME", ".config")


def data_home() -> Path:
    """Return the folder of what the user added to the desktop."""
    return _home("XDG_DATA_HOME", ".local/share")


def config_dirs() -> tuple[Path, ...]:
    """Return the folders of settings for all users, the most important first."""
    named = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
    return tuple(Path(part) for part in named.split(os.pathsep) if Path(part).is_absolute())


def _home(variable: str, default: str) -> Path:
    named = os.environ.get(variable, "")
    # The specification says to ignore paths that are not absolute.
    return Path(named) if Path(named).is_absolute() else Path.home() / default
