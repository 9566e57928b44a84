"""Paints the card of a project: four of its pictures, its name and a line about it."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.image_views.thumbnails import ThumbnailLoader
from gui.library.library_model import CardRole, LibraryRow
from gui.look.icons import IconColor, icon
from gui.look.theme import GRID, Theme, theme_for

Index = QModelIndex | QPersistentModelIndex

CARD = QSize(26 * GRID, 24 * GRID)
_TEXT_HEIGHT = 6 * GRID
_RADIUS = 6
_GAP = 2
_ICON_SIDE = 28


class CardDelegate(QStyledItemDelegate):
    """Paint a card.

    Args:
        thumbnails: Provides thumbnails.
        view: The view of the cards.
    """

    def __init__(self, thumbnails: ThumbnailLoader, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._thumbnails, self._view = thumbnails, view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = theme_for(self._view.palette())
        row: LibraryRow = index.data(CardRole.ROW)
        card = QRect(option.rect.topLeft(), CARD).adjusted(0, 0, -GRID, -GRID)
        card.moveCenter(option.rect.center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_frame(painter, card, option.state, theme)
        images = card.adjusted(1, 1, -1, -_TEXT_HEIGHT)
        self._paint_images(painter, images, row, theme)
        self._paint_texts(painter, card, row, theme)
        painter.restore()

    def _paint_frame(
        self, painter: QPainter, card: QRect, state: QStyle.StateFlag, theme: Theme
    ) -> None:
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        edge = theme.accent if is_selected else theme.control_line if is_hovered else theme.line
        painter.setPen(QPen(QColor(edge), 2 if is_selected else 1))
        painter.setBrush(QColor(theme.accent_soft if is_selected else theme.surface))
        painter.drawRoundedRect(QRectF(card), _RADIUS, _RADIUS)

    def _paint_images(self, painter: QPainter, area: QRect, row: LibraryRow, theme: Theme) -> None:
        painter.save()
        corners = QPainterPath()
        corners.addRoundedRect(QRectF(area), _RADIUS, _RADIUS)
        painter.setClipPath(corners)
        painter.fillRect(area, QColor(theme.surface_alt))
        for path, place in zip(row.covers, _places(area, len(row.covers)), strict=True):
            self._paint_image(painter, place, path)
        painter.restore()
        if not row.covers:
            spot = QRect(0, 0, _ICON_SIDE, _ICON_SIDE)
            spot.moveCenter(area.center())
            name = "triangle-alert" if row.project.problem else "images"
            icon(name, IconColor.MUTED).paint(painter, spot)

    def _paint_image(self, painter: QPainter, place: QRect, path: Path) -> None:
        pixmap = self._thumbnails.pixmap(path)
        if pixmap is not None:
            painter.drawPixmap(place, pixmap, _middle(pixmap, place.size()))
        elif self._thumbnails.error(path):
            spot = QRect(0, 0, _ICON_SIDE, _ICON_SIDE)
            spot.moveCenter(place.center())
            icon("image-off", IconColor.MUTED).paint(painter, spot)

    def _paint_texts(self, painter: QPainter, card: QRect, row: LibraryRow, theme: Theme) -> None:
        text = QRect(card.left(), card.bottom() - _TEXT_HEIGHT, card.width(), _TEXT_HEIGHT)
        text = text.adjusted(GRID + GRID // 2, GRID // 2, -GRID, -GRID // 2)
        upper = QRect(text.left(), text.top(), text.width(), text.height() // 2)
        lower = upper.translated(0, upper.height())
        font = QFont(self._view.font())
        font.setWeight(QFont.Weight.DemiBold)
        _draw(painter, upper, row.project.name, font, theme.text)
        color = theme.danger if row.project.problem else theme.text_muted
        _draw(painter, lower, row.about, self._view.font(), color)


def _draw(painter: QPainter, place: QRect, text: str, font: QFont, color: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    plain = " ".join(text.split()).encode("utf-8", "replace").decode()
    metrics = QFontMetrics(font)
    elided = metrics.elidedText(plain, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)


def _places(area: QRect, count: int) -> list[QRect]:
    """Divide an area among one to four images."""
    columns, lines = (1 if count == 1 else 2), (1 if count <= 2 else 2)
    width = (area.width() - _GAP * (columns - 1)) // columns
    height = (area.height() - _GAP * (lines - 1)) // lines
    places = [
        QRect(
            area.left() + column * (width + _GAP),
            area.top() + line * (height + _GAP),
            width,
            height,
        )
        for line in range(lines)
        for column in range(columns)
    ]
    if count == 3:
        places[2].setRight(area.right())
    return places[:count]


def _middle(pixmap: QPixmap, size: QSize) -> QRect:
    """Return the part of a pixmap that fills a place of `size`."""
    part = size.scaled(pixmap.size(), Qt.AspectRatioMode.KeepAspectRatio)
    middle = QRect(0, 0, part.width(), part.height())
    middle.moveCenter(pixmap.rect().center())
    return middle
