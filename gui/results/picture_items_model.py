"""A list of pictures with captions, for grids of some hundreds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from gui.pictures.picture_roles import PictureRole
from gui.widgets.plain_text import plain_data

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PictureItem:
    """One picture; see `PictureRole`."""

    path: Path
    caption: str
    badge: str = ""
    severity: str = "info"
    color: QColor | None = None
    dimmed: bool = False


class PictureItemsModel(QAbstractListModel):
    """Holds `PictureItem`s in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[PictureItem, ...] = ()

    def set_items(self, items: Sequence[PictureItem]) -> None:
        """Show other pictures."""
        self.beginResetModel()
        self._items = tuple(items)
        self.endResetModel()

    def path_at(self, row: int) -> Path:
        """Return the picture in a row."""
        return self._items[row].path

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._items[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.caption
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return plain_data(f"{item.path}\n{item.caption}", role)
            case PictureRole.PATH:
                return item.path
            case PictureRole.BADGE:
                return item.badge
            case PictureRole.BADGE_SEVERITY:
                return item.severity
            case PictureRole.COLOR:
                return item.color
            case PictureRole.DIMMED:
                return item.dimmed
        return None
