"""The table of classified images."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QIcon, QPixmap

from core.models.named_image import NamedImage
from gui.image_views.thumbnails import ThumbnailLoader
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.wording import percent, unusable_file
from gui.widgets.columns import Column, Columns, ColumnsModel

_SIGN = 16
_PLACEHOLDER = 24


class ClassifiedCells(NamedTuple):
    """An image as its row shows it.

    Attributes:
        threshold: Probability below which it is unknown; 0 for none.
        thumbnails: Loads the small images; None for none.
    """

    image: NamedImage
    threshold: float
    thumbnails: ThumbnailLoader | None


def _thumbnail(cells: ClassifiedCells) -> QIcon | None:
    if cells.thumbnails is None:
        return None
    if cells.image.error:
        return QIcon(icon("image-off", IconColor.MUTED).pixmap(_PLACEHOLDER, _PLACEHOLDER))
    pixmap = cells.thumbnails.pixmap(cells.image.path)
    if pixmap is None:
        return QIcon(icon("image", IconColor.MUTED).pixmap(_PLACEHOLDER, _PLACEHOLDER))
    thumbnail = QIcon(pixmap)
    # Without it a selected image would be tinted.
    thumbnail.addPixmap(pixmap, QIcon.Mode.Selected)
    return thumbnail


def _label(cells: ClassifiedCells) -> str:
    image = cells.image
    if image.error:
        return unusable_file(image.error)
    label = _one_line(image.best[0][0])
    return tr("unknown (%1?)", label) if image.is_unknown(cells.threshold) else label


def _label_icon(cells: ClassifiedCells) -> QPixmap | None:
    if cells.image.error:
        return icon("triangle-alert", IconColor.WARNING).pixmap(_SIGN, _SIGN)
    if cells.image.is_unknown(cells.threshold):
        return icon("circle-help", IconColor.MUTED).pixmap(_SIGN, _SIGN)
    return None


def _confidence(cells: ClassifiedCells) -> str:
    return "" if cells.image.error else percent(cells.image.best[0][1])


def _next(rank: int) -> Callable[[ClassifiedCells], str]:
    """Return a function for the text of a class that is not the best one."""

    def text(cells: ClassifiedCells) -> str:
        if rank >= len(cells.image.best):
            return ""
        label, probability = cells.image.best[rank]
        return tr("%1 %2", _one_line(label), percent(probability))

    return text


def _label_order(rank: int) -> Callable[[ClassifiedCells], str]:
    """Return a function for the value to sort by; unusable images come first."""

    def value(cells: ClassifiedCells) -> str:
        best = cells.image.best
        return best[rank][0].casefold() if rank < len(best) else ""

    return value


def _or_error(text: Callable[[ClassifiedCells], str]) -> Callable[[ClassifiedCells], str]:
    """Return a function for the tooltip of a text, or of why there is none."""

    def tooltip(cells: ClassifiedCells) -> str:
        error = cells.image.error
        return unusable_file(error) if error else text(cells)

    return tooltip


_Column = Column[ClassifiedCells]


class ClassifiedColumn(Columns):
    """Columns, the image first."""

    IMAGE = _Column(
        title=lambda: tr("Picture"),
        text=lambda cells: _one_line(cells.image.path.name),
        tooltip=lambda cells: str(cells.image.path),
        icon=_thumbnail,
        sort_key=lambda cells: cells.image.path.name.casefold(),
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
        sort_key=lambda cells: cells.image.best[0][1] if cells.image.best else -1.0,
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


class ClassifiedModel(ColumnsModel[NamedImage]):
    """Rows are appended as answers arrive; `sort` changes the order of those there are.

    It sorts itself, since a proxy model would ask for data a million times.

    Args:
        thumbnails: Loads the small images; without it there are none.
    """

    columns = ClassifiedColumn

    def __init__(
        self, thumbnails: ThumbnailLoader | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._images: list[NamedImage] = []
        self._thumbnails = thumbnails
        self._threshold = 0.0
        self._row_of: dict[Path, int] = {}
        self._arrival: dict[Path, int] = {}
        if thumbnails is not None:
            thumbnails.loaded.connect(self._on_thumbnails_loaded)

    @property
    def rows(self) -> Sequence[NamedImage]:
        """All images in their order."""
        return self._images

    def set_rows(self, rows: Sequence[NamedImage]) -> None:
        """Show other images."""
        self.clear()
        self.append(rows)

    def cells(self, row: NamedImage) -> ClassifiedCells:
        return ClassifiedCells(row, self._threshold, self._thumbnails)

    @property
    def threshold(self) -> float:
        """Probability below which an image is unknown; 0 for none."""
        return self._threshold

    def set_threshold(self, threshold: float) -> None:
        """Call other images unknown; the view has to paint the rows anew.

        Telling of a change of all rows would have all of them filtered again.
        """
        self._threshold = threshold

    def append(self, images: Sequence[NamedImage]) -> None:
        """Add answers at the end; an image that is there already gets its new answer."""
        added: dict[Path, NamedImage] = {}
        for image in images:
            row = self._row_of.get(image.path)
            if row is None:
                added[image.path] = image
            else:
                self._images[row] = image
                self.dataChanged.emit(
                    self.index(row, 0), self.index(row, len(ClassifiedColumn) - 1)
                )
        if added:
            first = len(self._images)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._row_of |= {path: first + number for number, path in enumerate(added)}
            self._arrival |= {path: first + number for number, path in enumerate(added)}
            self._images.extend(added.values())
            self.endInsertRows()

    def row_of(self, path: Path) -> int | None:
        """Return the number of an image's row."""
        return self._row_of.get(path)

    def clear(self) -> None:
        """Remove all rows."""
        self.beginResetModel()
        self._images.clear()
        self._row_of.clear()
        self._arrival.clear()
        self.endResetModel()

    def _on_thumbnails_loaded(self, paths: Iterable[Path]) -> None:
        for path in paths:
            row = self._row_of.get(path)
            if row is not None:
                index = self.index(row, ClassifiedColumn.IMAGE)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    # Qt's own methods.

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, or as the images arrived by column -1."""
        self.layoutAboutToBeChanged.emit()
        indexes = self.persistentIndexList()
        paths = [self._images[index.row()].path for index in indexes]
        if column < 0:
            self._images.sort(key=lambda image: self._arrival[image.path])
        else:
            value, cells = self._records[column].order, self.cells
            is_descending = order is Qt.SortOrder.DescendingOrder
            self._images.sort(key=lambda image: value(cells(image)), reverse=is_descending)
        self._row_of = {image.path: row for row, image in enumerate(self._images)}
        moved = [
            self.index(self._row_of[path], index.column())
            for path, index in zip(paths, indexes, strict=True)
        ]
        self.changePersistentIndexList(indexes, moved)
        self.layoutChanged.emit()


def _one_line(text: str) -> str:
    return " ".join(text.split())
