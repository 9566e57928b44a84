"""The table of classified pictures."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QIcon, QPixmap

from core.models.named_picture import NamedPicture
from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr
from gui.look.wording import percent, unusable_file
from gui.pictures.thumbnails import ThumbnailLoader
from gui.widgets.columns import Column, Columns, ColumnsModel

_SIGN = 16
_PLACEHOLDER = 24


class ClassifiedCells(NamedTuple):
    """A picture as its row shows it.

    Attributes:
        threshold: Probability below which it is unknown; 0 for none.
        thumbnails: Loads the small pictures; None for none.
    """

    picture: NamedPicture
    threshold: float
    thumbnails: ThumbnailLoader | None


def _thumbnail(cells: ClassifiedCells) -> QIcon | None:
    if cells.thumbnails is None:
        return None
    if cells.picture.error:
        return QIcon(icon("image-off", IconColor.MUTED).pixmap(_PLACEHOLDER, _PLACEHOLDER))
    pixmap = cells.thumbnails.pixmap(cells.picture.path)
    if pixmap is None:
        return QIcon(icon("image", IconColor.MUTED).pixmap(_PLACEHOLDER, _PLACEHOLDER))
    thumbnail = QIcon(pixmap)
    # Without it a selected picture would be tinted.
    thumbnail.addPixmap(pixmap, QIcon.Mode.Selected)
    return thumbnail


def _label(cells: ClassifiedCells) -> str:
    picture = cells.picture
    if picture.error:
        return shown(picture.error)
    label = _one_line(picture.best[0][0])
    return tr("unknown (%1?)", label) if picture.is_unknown(cells.threshold) else label


def _label_icon(cells: ClassifiedCells) -> QPixmap | None:
    if cells.picture.error:
        return icon("triangle-alert", IconColor.WARNING).pixmap(_SIGN, _SIGN)
    if cells.picture.is_unknown(cells.threshold):
        return icon("circle-help", IconColor.MUTED).pixmap(_SIGN, _SIGN)
    return None


def _confidence(cells: ClassifiedCells) -> str:
    return "" if cells.picture.error else percent(cells.picture.best[0][1])


def _next(rank: int) -> Callable[[ClassifiedCells], str]:
    """Return a function for the text of a class that is not the best one."""

    def text(cells: ClassifiedCells) -> str:
        if rank >= len(cells.picture.best):
            return ""
        label, probability = cells.picture.best[rank]
        return tr("%1 %2", _one_line(label), percent(probability))

    return text


def _label_order(rank: int) -> Callable[[ClassifiedCells], str]:
    """Return a function for the value to sort by; unusable pictures come first."""

    def value(cells: ClassifiedCells) -> str:
        best = cells.picture.best
        return best[rank][0].casefold() if rank < len(best) else ""

    return value


def _or_error(text: Callable[[ClassifiedCells], str]) -> Callable[[ClassifiedCells], str]:
    """Return a function for the tooltip of a text, or of why there is none."""

    def tooltip(cells: ClassifiedCells) -> str:
        error = cells.picture.error
        return unusable_file(error) if error else text(cells)

    return tooltip


_Column = Column[ClassifiedCells]


class ClassifiedColumn(Columns):
    """Columns, the picture first."""

    PICTURE = _Column(
        title=lambda: tr("Picture"),
        text=lambda cells: _one_line(cells.picture.path.name),
        tooltip=lambda cells: str(cells.picture.path),
        icon=_thumbnail,
        sort_key=lambda cells: cells.picture.path.name.casefold(),
        width=192,
    )
    LABEL = _Column(
        title=lambda: tr("Class"),
        text=_label,
        tooltip=_or_error(_label),
        icon=_label_icon,
        sort_key=_label_order(0),
        width=184,
    )
    PROBABILITY = _Column(
        title=lambda: tr("Confidence"),
        text=_confidence,
        tooltip=_or_error(_confidence),
        sort_key=lambda cells: cells.picture.best[0][1] if cells.picture.best else -1.0,
        is_number=True,
        width=104,
    )
    SECOND = _Column(
        title=lambda: tr("Second"),
        text=_next(1),
        tooltip=_or_error(_next(1)),
        sort_key=_label_order(1),
        width=144,
    )
    THIRD = _Column(
        title=lambda: tr("Third"),
        text=_next(2),
        tooltip=_or_error(_next(2)),
        sort_key=_label_order(2),
    )


class ClassifiedModel(ColumnsModel[NamedPicture]):
    """Rows are appended as answers arrive; `sort` changes the order of those there are.

    It sorts itself, since a proxy model would ask for data a million times.

    Args:
        thumbnails: Loads the small pictures; without it there are none.
    """

    columns = ClassifiedColumn

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
    def rows(self) -> Sequence[NamedPicture]:
        """All pictures in their order."""
        return self._pictures

    def set_rows(self, rows: Sequence[NamedPicture]) -> None:
        """Show other pictures."""
        self.clear()
        self.append(rows)

    def cells(self, row: NamedPicture) -> ClassifiedCells:
        return ClassifiedCells(row, self._threshold, self._thumbnails)

    @property
    def threshold(self) -> float:
        """Probability below which a picture is unknown; 0 for none."""
        return self._threshold

    def set_threshold(self, threshold: float) -> None:
        """Call other pictures unknown; the view has to paint the rows anew.

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
                self.dataChanged.emit(
                    self.index(row, 0), self.index(row, len(ClassifiedColumn) - 1)
                )
        if added:
            first = len(self._pictures)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._row_of |= {path: first + number for number, path in enumerate(added)}
            self._arrival |= {path: first + number for number, path in enumerate(added)}
            self._pictures.extend(added.values())
            self.endInsertRows()

    def row_of(self, path: Path) -> int | None:
        """Return the number of a picture's row."""
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
                index = self.index(row, ClassifiedColumn.PICTURE)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    # Qt's own methods.

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, or as the pictures arrived by column -1."""
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        paths = [self._pictures[index.row()].path for index in indexes]
        if column < 0:
            self._pictures.sort(key=lambda picture: self._arrival[picture.path])
        else:
            value, cells = self._records[column].order, self.cells
            is_descending = order is Qt.SortOrder.DescendingOrder
            self._pictures.sort(key=lambda picture: value(cells(picture)), reverse=is_descending)
        self._row_of = {picture.path: row for row, picture in enumerate(self._pictures)}
        moved = [
            self.index(self._row_of[path], index.column())
            for path, index in zip(paths, indexes, strict=True)
        ]
        self.changePersistentIndexList(indexes, moved)
        self.layoutChanged.emit()


def _one_line(text: str) -> str:
    return " ".join(text.split())
