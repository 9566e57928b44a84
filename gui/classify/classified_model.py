"""The table of classified pictures."""

from collections.abc import Iterable, Sequence
from enum import IntEnum
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
from PySide6.QtGui import QIcon, QPixmap

from core.models.named_picture import NamedPicture
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.wording import percent, unusable_file
from gui.pictures.thumbnails import ThumbnailLoader

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SIGN = 16
_PLACEHOLDER = 24


class Column(IntEnum):
    """What a column shows."""

    PICTURE = 0
    LABEL = 1
    PROBABILITY = 2
    SECOND = 3
    THIRD = 4


class ClassifiedModel(QAbstractTableModel):
    """Rows are appended as answers arrive; `sort` changes the order of those there are.

    It sorts itself, since a proxy model would ask for data a million times.

    Args:
        thumbnails: Gives the small pictures; without it there are none.
    """

    SortRole = Qt.ItemDataRole.UserRole + 1
    """The value by which `sort` goes."""

    PictureRole = Qt.ItemDataRole.UserRole + 2
    """The `NamedPicture` of the row."""

    def __init__(
        self, thumbnails: ThumbnailLoader | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pictures: list[NamedPicture] = []
        self._thumbnails = thumbnails
        self._threshold = 0.0
        self._row_of: dict[Path, int] = {}
        self._arrival: dict[Path, int] = {}
        if thumbnails is not None:
            thumbnails.loaded.connect(self._on_thumbnails_loaded)

    @property
    def pictures(self) -> Sequence[NamedPicture]:
        """All rows in their order."""
        return self._pictures

    @property
    def threshold(self) -> float:
        """Probability below which a picture is unknown; 0 for none."""
        return self._threshold

    def set_threshold(self, threshold: float) -> None:
        """Call other pictures unknown; whoever shows the rows has to paint them anew.

        Telling of a change of all rows would have all of them filtered again.
        """
        self._threshold = threshold

    def append(self, pictures: Sequence[NamedPicture]) -> None:
        """Add answers at the end; a picture that is there already gets its new answer."""
        added: dict[Path, NamedPicture] = {}
        for picture in pictures:
            row = self._row_of.get(picture.path)
            if row is None:
                added[picture.path] = picture
            else:
                self._pictures[row] = picture
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
        if added:
            first = len(self._pictures)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._row_of |= {path: first + number for number, path in enumerate(added)}
            self._arrival |= {path: first + number for number, path in enumerate(added)}
            self._pictures.extend(added.values())
            self.endInsertRows()

    def row_of(self, path: Path) -> int | None:
        """Where a picture stands."""
        return self._row_of.get(path)

    def clear(self) -> None:
        """Remove all rows."""
        self.beginResetModel()
        self._pictures.clear()
        self._row_of.clear()
        self._arrival.clear()
        self.endResetModel()

    def _on_thumbnails_loaded(self, paths: Iterable[Path]) -> None:
        for path in paths:
            row = self._row_of.get(path)
            if row is not None:
                index = self.index(row, Column.PICTURE)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _decoration(self, picture: NamedPicture, column: int) -> QIcon | QPixmap | None:
        if column == Column.LABEL and picture.error:
            return icon("triangle-alert", IconColor.WARNING).pixmap(_SIGN, _SIGN)
        if column == Column.LABEL and picture.is_unknown(self._threshold):
            return icon("circle-help", IconColor.MUTED).pixmap(_SIGN, _SIGN)
        if column != Column.PICTURE or self._thumbnails is None:
            return None
        if picture.error:
            return QIcon(icon("image-off", IconColor.MUTED).pixmap(_PLACEHOLDER, _PLACEHOLDER))
        pixmap = self._thumbnails.pixmap(picture.path)
        if pixmap is None:
            return QIcon(icon("image", IconColor.MUTED).pixmap(_PLACEHOLDER, _PLACEHOLDER))
        thumbnail = QIcon(pixmap)
        # Without it a selected picture would be tinted.
        thumbnail.addPixmap(pixmap, QIcon.Mode.Selected)
        return thumbnail

    # Qt's own methods.

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._pictures)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        picture, column = self._pictures[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(picture, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._decoration(picture, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<p>{escape(self._tooltip(picture, column))}</p>"
        if role == Qt.ItemDataRole.TextAlignmentRole and column == Column.PROBABILITY:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == self.SortRole:
            return _sort_value(picture, column)
        if role == self.PictureRole:
            return picture
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, or as the pictures arrived by column -1."""
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        paths = [self._pictures[index.row()].path for index in indexes]
        if column < 0:
            self._pictures.sort(key=lambda picture: self._arrival[picture.path])
        else:
            is_descending = order is Qt.SortOrder.DescendingOrder
            self._pictures.sort(
                key=lambda picture: _sort_value(picture, column), reverse=is_descending
            )
        self._row_of = {picture.path: row for row, picture in enumerate(self._pictures)}
        moved = [
            self.index(self._row_of[path], index.column())
            for path, index in zip(paths, indexes, strict=True)
        ]
        self.changePersistentIndexList(indexes, moved)
        self.layoutChanged.emit()

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if section == Column.PROBABILITY:
                side = Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads()[section]
        return None

    def _heads(self) -> tuple[str, ...]:
        picture, label, confidence = tr("Picture"), tr("Class"), tr("Confidence")
        return picture, label, confidence, tr("Second"), tr("Third")

    def _text(self, picture: NamedPicture, column: int) -> str:
        if column == Column.PICTURE:
            return _one_line(picture.path.name)
        if picture.error:
            return picture.error if column == Column.LABEL else ""
        if column == Column.LABEL:
            label = _one_line(picture.best[0][0])
            if picture.is_unknown(self._threshold):
                return tr("unknown (%1?)", label)
            return label
        if column == Column.PROBABILITY:
            return percent(picture.best[0][1])
        rank = column - Column.SECOND + 1
        if rank >= len(picture.best):
            return ""
        label, share = picture.best[rank]
        return f"{_one_line(label)} {percent(share)}"

    def _tooltip(self, picture: NamedPicture, column: int) -> str:
        if column == Column.PICTURE:
            return str(picture.path)
        if picture.error:
            return unusable_file(picture.error)
        return self._text(picture, column)


def _sort_value(picture: NamedPicture, column: int) -> str | float:
    """Unusable pictures come first, by their reason."""
    if column == Column.PICTURE:
        return picture.path.name.casefold()
    if column == Column.PROBABILITY:
        return picture.best[0][1] if picture.best else -1.0
    rank = {Column.LABEL: 0, Column.SECOND: 1, Column.THIRD: 2}[Column(column)]
    return picture.best[rank][0].casefold() if rank < len(picture.best) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
