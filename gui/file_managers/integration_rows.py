"""The file managers' entries as the window shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.file_managers.all_entries import all_entries
from core.file_managers.entry import EntryState, FileManagerEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationRow:
    """One file manager.

    Attributes:
        name: Its name in `core`.
        title: Name to show.
        is_present: Whether it is on this computer.
        files: The files of the entry, a path a line.
        problem: Which file keeps the entry from being changed, and what to do; "" if none.
        hint: What to do to see a change at once; "" for nothing.
    """

    name: str
    title: str
    is_present: bool
    state: EntryState
    files: str
    problem: str
    hint: str


def list_rows() -> Sequence[IntegrationRow]:
    """Return the file managers that this system may have, installed ones first."""
    rows = [_row(entry) for entry in all_entries()]
    return sorted(rows, key=lambda row: not row.is_present)


def install_entry(name: str) -> None:
    """Install an entry.

    Raises:
        FieldguideError: If that can't be done.
    """
    _change(name, FileManagerEntry.install)


def remove_entry(name: str) -> None:
    """Remove an entry, and restore the state before it.

    Raises:
        FieldguideError: If that can't be done.
    """
    _change(name, FileManagerEntry.remove)


def _row(entry: FileManagerEntry) -> IntegrationRow:
    status = entry.status()
    return IntegrationRow(
        name=entry.name,
        title=entry.title,
        is_present=entry.is_present(),
        state=status.state,
        files="\n".join(map(str, status.files)),
        problem=status.problem,
        hint=entry.hint,
    )


def _change(name: str, change: Callable[[FileManagerEntry], bool]) -> None:
    for entry in all_entries():
        if entry.name == name:
            change(entry)
