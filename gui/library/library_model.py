"""The projects of the library as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.library.library import LibraryProject
from gui.look.language import shown, tr, tr_count
from gui.look.wording import data_size, moment

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A project with what its card shows.

    Attributes:
        covers: At most four of its images.
        size_bytes: Of its folder in the library; its pictures are elsewhere.
        is_open: Whether it is the open project.
    """

    project: LibraryProject
    covers: tuple[Path, ...] = ()
    size_bytes: int = 0
    is_open: bool = False

    @property
    def about(self) -> str:
        """A line about it."""
        if self.project.problem:
            return tr("Can't be opened")
        runs = tr_count("%n training(s)", "", self.project.num_runs)
        if self.is_open:
            return tr("Open · %1", runs)
        when = moment(self.project.modified) if self.project.modified else ""
        return tr("%1 · %2", when, runs) if when else runs

    @property
    def details(self) -> str:
        """Lines about where it is and how large."""
        lines = [self.project.name]
        if self.project.problem:
            lines.append(shown(self.project.problem))
        lines += [str(source.path) for source in self.project.sources[:5]]
        folder = self.project.entry.folder
        lines.append(tr("Trainings and settings: %1, %2", data_size(self.size_bytes), str(folder)))
        return "\n".join(lines)


class CardRole(IntEnum):
    """Roles that the delegate asks for, beside the name."""

    ROW = Qt.ItemDataRole.UserRole + 1


class LibraryModel(QAbstractListModel):
    """A row a project; the order is that of `set_rows`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[LibraryRow, ...] = ()

    @property
    def rows(self) -> tuple[LibraryRow, ...]:
        """All rows."""
        return self._rows

    def set_rows(self, rows: Sequence[LibraryRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    # Qt's own methods.

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.project.name
            case Qt.ItemDataRole.ToolTipRole:
                return row.details
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr("%1, %2", row.project.name, row.about)
            case CardRole.ROW:
                return row
        return None
