"""The grid of images for all pages."""

from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.image_views.image_delegate import CAPTION_HEIGHT, ImageDelegate
from gui.image_views.image_roles import HasPaths, ImageRole
from gui.image_views.thumbnails import ThumbnailLoader
from gui.image_views.wrapped_view import WrappedView
from gui.look.theme import GRID, theme_for

_SIZES = (96, 128, 160, 224, 320)
_DEFAULT_SIZE = 128


class ImageGrid(WrappedView):
    """Show thumbnails in rows; smooth with 100,000 of them.

    Args:
        thumbnails: Provides thumbnails.

    Signals:
        menu_requested: The images to act on, and the global point of the click.
        opened: An image was double-clicked, or Enter pressed on it.
    """

    menu_requested = Signal(list, QPoint)
    opened = Signal(Path)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._empty_title = self._empty_hint = ""
        self._size = _DEFAULT_SIZE
        self.setItemDelegate(ImageDelegate(thumbnails, self))
        self.setMouseTracking(True)
        self.setDragEnabled(False)
        self.activated.connect(self._on_activated)
        thumbnails.loaded.connect(self._on_thumbnails_loaded)
        self.set_thumbnail_size(_DEFAULT_SIZE)

    def set_thumbnail_size(self, side: int) -> None:
        """Show images in squares of `side` pixels."""
        self._size = side
        self._thumbnails.need(round(side * self.devicePixelRatioF()))
        self.set_cell(QSize(side + GRID, side + GRID + CAPTION_HEIGHT))

    def set_empty_text(self, title: str, hint: str) -> None:
        """Set the text shown when there is no image."""
        self._empty_title, self._empty_hint = title, hint

    def selected_paths(self) -> list[Path]:
        """Return the selected images, in the grid's order."""
        model, selection = self.model(), self.selectionModel().selection()
        # Ranges instead of indices: after Ctrl+A they are one, and the indices 100,000.
        ranges = [selection.at(position) for position in range(selection.count())]
        rows = sorted(row for part in ranges for row in range(part.top(), part.bottom() + 1))
        if isinstance(model, HasPaths):
            return [model.path_at(row) for row in rows]
        return [model.index(row, 0).data(ImageRole.PATH) for row in rows]

    def _zoom(self, step: int) -> None:
        position = _SIZES.index(self._size) if self._size in _SIZES else 1
        self.set_thumbnail_size(_SIZES[max(0, min(len(_SIZES) - 1, position + step))])

    def _on_activated(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ImageRole.PATH))

    def _on_thumbnails_loaded(self, paths: list[Path]) -> None:
        arrived = set(paths)
        for row in self.visible_rows():
            index = self.model().index(row, 0)
            if index.data(ImageRole.PATH) in arrived:
                self.update(index)

    def _request_menu(self, index: QModelIndex, point: QPoint) -> None:
        if not index.isValid():
            return
        if not self.selectionModel().isSelected(index):
            flag = self.selectionModel().SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, flag)
        self.menu_requested.emit(self.selected_paths(), point)

    # Qt's own methods.

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            centre = self.visualRect(index).center()
            self._request_menu(index, self.viewport().mapToGlobal(centre))
        else:
            point = self.viewport().mapFromGlobal(event.globalPos())
            self._request_menu(self.indexAt(point), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
                self._zoom(1)
                return
            if event.key() == Qt.Key.Key_Minus:
                self._zoom(-1)
                return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom(1 if event.angleDelta().y() > 0 else -1)
            return
        super().wheelEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.model()
        if self._empty_title and (not model or model.rowCount() == 0):
            self._paint_empty()

    def _paint_empty(self) -> None:
        theme = theme_for(self.palette())
        painter = QPainter(self.viewport())
        area = self.viewport().rect().adjusted(2 * GRID, 0, -2 * GRID, 0)
        middle = area.center().y()
        centred = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setPen(QColor(theme.text))
        area.setTop(middle - 3 * GRID)
        painter.drawText(area, centred, self._empty_title)
        painter.setPen(QColor(theme.text_muted))
        area.setTop(middle)
        painter.drawText(area, centred, self._empty_hint)
