"""What Fieldguide keeps on disk and can do without, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gui.look.language import tr
from gui.look.wording import data_size

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class StorageKind(StrEnum):
    """What a row is."""

    CACHE = "cache"
    BACKBONE = "backbone"


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageRow:
    """Something that takes room and can be had again.

    Attributes:
        name: What `core` calls it.
        title: Name to show.
        purpose: What it is for, in a line.
        consequence: What happens when it is gone, in a sentence.
        folder: Where it lies.
        is_removable: False for what belongs to the program.
    """

    kind: StorageKind
    name: str
    title: str
    purpose: str
    consequence: str
    folder: Path
    size_bytes: int
    is_removable: bool = True


class StorageColumn(IntEnum):
    """What a column shows."""

    TITLE = 0
    PURPOSE = 1
    SIZE = 2


class StorageModel(QAbstractTableModel):
    """A row a cache or backbone."""

    SortRole = Qt.ItemDataRole.UserRole + 1
    """The value to sort by."""

    RowRole = Qt.ItemDataRole.UserRole + 2
    """The `StorageRow`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[StorageRow, ...] = ()

    @property
    def rows(self) -> tuple[StorageRow, ...]:
        """All rows."""
        return self._rows

    def set_rows(self, rows: Sequence[StorageRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    # Qt's own methods.

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(StorageColumn)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], StorageColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<p>{escape(row.purpose)}</p><p>{escape(str(row.folder))}</p>"
        if role == Qt.ItemDataRole.TextAlignmentRole and column is StorageColumn.SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == self.SortRole:
            return row.size_bytes if column is StorageColumn.SIZE else self._text(row, column)
        if role == self.RowRole:
            return row
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if section == StorageColumn.SIZE:
                side = Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("What"), tr("What it is for"), tr("Size"))[section]
        return None

    def _text(self, row: StorageRow, column: StorageColumn) -> str:
        if column is StorageColumn.SIZE:
            return data_size(row.size_bytes) if row.size_bytes else tr("empty")
        return " ".join((row.title if column is StorageColumn.TITLE else row.purpose).split())
