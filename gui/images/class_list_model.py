"""The classes of the project with their numbers of images."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from gui.look.language import tr
from gui.look.theme import class_color
from gui.look.wording import counted_images
from gui.widgets.plain_text import plain_data

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class.

    Attributes:
        image_count: Included images.
        excluded_count: Excluded images.
    """

    name: str
    image_count: int
    excluded_count: int = 0


class ClassListModel(QAbstractListModel):
    """List all images in the first row, then each class; names can be edited.

    Signals:
        rename_requested: The old and the new name.
    """

    rename_requested = Signal(str, str)

    NameRole = Qt.ItemDataRole.UserRole + 1
    CountRole = Qt.ItemDataRole.UserRole + 2
    FractionRole = Qt.ItemDataRole.UserRole + 3
    ColorRole = Qt.ItemDataRole.UserRole + 4

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ClassRow, ...] = ()

    @property
    def rows(self) -> tuple[ClassRow, ...]:
        """The classes, without the first row."""
        return self._rows

    def set_rows(self, rows: Sequence[ClassRow]) -> None:
        """Show other classes; a change of counts alone keeps the selection."""
        new = tuple(rows)
        if [row.name for row in new] == [row.name for row in self._rows]:
            self._rows = new
            self.dataChanged.emit(self.index(0), self.index(len(new)))
            return
        self.beginResetModel()
        self._rows = new
        self.endResetModel()

    def row_of(self, name: str) -> int:
        """Return the model's row of a class; 0, that of all images, if there is none."""
        names = [row.name for row in self._rows]
        return names.index(name) + 1 if name in names else 0

    def name_at(self, index: Index) -> str | None:
        """Return the class of an index; None for the row of all images."""
        return self._rows[index.row() - 1].name if index.isValid() and index.row() > 0 else None

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        if parent.isValid():
            return 0
        return len(self._rows) + 1 if self._rows else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if index.row() == 0:
            return self._all_data(role)
        row = self._rows[index.row() - 1]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole | self.NameRole:
                return row.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return plain_data(tr("%1: %2", row.name, self._counted(row)), role)
            case self.CountRole:
                return row.image_count
            case self.FractionRole:
                return row.image_count / max(1, max(other.image_count for other in self._rows))
            case self.ColorRole:
                return class_color(index.row() - 1)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        old, new = self.name_at(index), str(value).strip()
        if role != Qt.ItemDataRole.EditRole or old is None or not new or new == old:
            return False
        self.rename_requested.emit(old, new)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.row() > 0:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _all_data(self, role: int) -> Any:
        total = sum(row.image_count for row in self._rows)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return tr("All pictures")
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return counted_images(total)
            case self.CountRole:
                return total
        return None

    def _counted(self, row: ClassRow) -> str:
        text = counted_images(row.image_count)
        if row.excluded_count:
            return tr("%1 (%2 excluded)", text, row.excluded_count)
        return text
