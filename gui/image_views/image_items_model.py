"""A list of images with captions, for grids of some hundreds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from gui.image_views.image_roles import ImageRole
from gui.widgets.plain_text import plain_data

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ImageItem:
    """One image; see `ImageRole`."""

    path: Path
    caption: str
    badge: str = ""
    severity: str = "info"
    color: QColor | None = None
    dimmed: bool = False


class ImageItemsModel(QAbstractListModel):
    """Holds `ImageItem`s in the order given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[ImageItem, ...] = ()

    def set_items(self, items: Sequence[ImageItem]) -> None:
        """Show other images."""
        self.beginResetModel()
        self._items = tuple(items)
        self.endResetModel()

    def path_at(self, row: int) -> Path:
        """Return the image in a row."""
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
            case ImageRole.PATH:
                return item.path
            case ImageRole.BADGE:
                return item.badge
            case ImageRole.BADGE_SEVERITY:
                return item.severity
            case ImageRole.COLOR:
                return item.color
            case ImageRole.DIMMED:
                return item.dimmed
        return None
