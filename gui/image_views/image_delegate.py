"""Paints one image of a grid."""

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.image_views.image_roles import ImageRole
from gui.image_views.thumbnails import ThumbnailLoader
from gui.look.icons import IconColor, icon
from gui.look.theme import GRID, Theme, theme_for

Index = QModelIndex | QPersistentModelIndex

CAPTION_HEIGHT = 20
_RADIUS = 6
_STRIPE = 4
_DIMMED_OPACITY = 0.35
_ICON_SIDE = 28
_BADGE_ICON = 12
_MOST_SIZED_BYTES = 32 << 20

_SIGNS = {
    "info": ("info", IconColor.INFO),
    "warning": ("triangle-alert", IconColor.WARNING),
    "danger": ("circle-alert", IconColor.DANGER),
}


class ImageDelegate(QStyledItemDelegate):
    """Paint a thumbnail with stripe and badge, and a caption below.

    Args:
        thumbnails: Provides thumbnails.
        view: The grid.
    """

    def __init__(self, thumbnails: ThumbnailLoader, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._thumbnails, self._view = thumbnails, view
        self._sized: OrderedDict[tuple[int, int, int, float], QPixmap] = OrderedDict()
        self._sized_bytes = 0

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, 160 + CAPTION_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = theme_for(self._view.palette())
        rect = option.rect.adjusted(GRID // 2, GRID // 2, -GRID // 2, -GRID // 2)
        image = rect.adjusted(0, 0, 0, -CAPTION_HEIGHT)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_frame(painter, rect, option.state, theme)
        if index.data(ImageRole.DIMMED):
            painter.setOpacity(_DIMMED_OPACITY)
        self._paint_image(painter, image, index.data(ImageRole.PATH), theme)
        painter.setOpacity(1)
        self._paint_stripe(painter, image, index.data(ImageRole.COLOR))
        self._paint_badge(painter, image, index, theme)
        self._paint_caption(painter, rect, str(index.data()), theme)
        painter.restore()

    def _paint_frame(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, theme: Theme
    ) -> None:
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus) and self._view.hasFocus()
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if not (is_selected or has_focus or is_hovered):
            return
        fill = theme.accent_soft if is_selected else theme.surface_alt
        painter.setBrush(QColor(fill))
        edge = QPen(QColor(theme.accent), 2) if is_selected or has_focus else Qt.PenStyle.NoPen
        painter.setPen(edge)
        painter.drawRoundedRect(QRectF(rect).adjusted(-2, -2, 2, 2), _RADIUS, _RADIUS)

    def _paint_image(self, painter: QPainter, area: QRect, path: Path, theme: Theme) -> None:
        pixmap = self._thumbnails.pixmap(path)
        if pixmap is not None:
            place = _fitted(pixmap, area)
            painter.drawPixmap(place.topLeft(), self._scaled(pixmap, place.size()))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface_alt))
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)
        if self._thumbnails.error(path):
            spot = QRect(0, 0, _ICON_SIDE, _ICON_SIDE)
            spot.moveCenter(area.center())
            icon("image-off", IconColor.MUTED).paint(painter, spot)

    def _scaled(self, pixmap: QPixmap, size: QSize) -> QPixmap:
        """Return the pixmap in its size on the screen: scaling at each paint would stutter."""
        ratio = self._view.devicePixelRatioF()
        key = (pixmap.cacheKey(), size.width(), size.height(), ratio)
        found = self._sized.get(key)
        if found is None:
            found = pixmap.scaled(
                size * ratio,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            found.setDevicePixelRatio(ratio)
            self._sized[key] = found
            self._sized_bytes += _bytes(found)
            while self._sized_bytes > _MOST_SIZED_BYTES and len(self._sized) > 1:
                self._sized_bytes -= _bytes(self._sized.popitem(last=False)[1])
        else:
            self._sized.move_to_end(key)
        return found

    def _paint_stripe(self, painter: QPainter, area: QRect, color: QColor | None) -> None:
        if color is not None:
            stripe = QRect(area.left(), area.bottom() - _STRIPE + 1, area.width(), _STRIPE)
            painter.fillRect(stripe, color)

    def _paint_badge(self, painter: QPainter, area: QRect, index: Index, theme: Theme) -> None:
        text = index.data(ImageRole.BADGE)
        if not text:
            return
        severity = index.data(ImageRole.BADGE_SEVERITY)
        color = QColor(getattr(theme, severity if severity in ("warning", "danger") else "info"))
        metrics = QFontMetrics(self._view.font())
        shown = metrics.elidedText(
            text, Qt.TextElideMode.ElideRight, area.width() - 4 * GRID - _BADGE_ICON
        )
        width = metrics.horizontalAdvance(shown) + 2 * GRID + _BADGE_ICON
        box = QRect(area.left() + 4, area.top() + 4, width, metrics.height() + 4)
        painter.setPen(QPen(color, 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 4, 4)
        spot = QRect(box.left() + 4, 0, _BADGE_ICON, _BADGE_ICON)
        spot.moveTop(box.center().y() - _BADGE_ICON // 2 + 1)
        name, tint = _SIGNS.get(severity, _SIGNS["info"])
        icon(name, tint).paint(painter, spot)
        box.setLeft(spot.right() + 1)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_caption(self, painter: QPainter, rect: QRect, text: str, theme: Theme) -> None:
        metrics = QFontMetrics(self._view.font())
        shown = text.encode("utf-8", "replace").decode()
        shown = metrics.elidedText(shown, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.setPen(QColor(theme.text))
        place = QRect(rect.left(), rect.bottom() - CAPTION_HEIGHT, rect.width(), CAPTION_HEIGHT)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, shown)


def _fitted(pixmap: QPixmap, area: QRect) -> QRect:
    """Return the place of a pixmap in an area: as large as fits, centred."""
    size = pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(0, 0, size.width(), size.height())
    place.moveCenter(area.center())
    return place


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
