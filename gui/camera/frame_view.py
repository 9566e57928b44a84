"""Shows frames of the camera."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.language import tr
from gui.look.theme import GRID, theme_for

_SMALLEST = QSize(30 * GRID, 20 * GRID)


class FrameView(QWidget):
    """Keeps a frame's proportions; mirrors it on request, like a mirror."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._is_mirrored = True
        self._text = ""
        self.setObjectName("Camera picture")
        self.setAccessibleName(tr("Camera picture"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def image(self) -> QImage:
        """The frame that is shown, not mirrored; null for none."""
        return self._image

    @property
    def has_image(self) -> bool:
        """Whether a frame is shown."""
        return not self._image.isNull()

    def show_frame(self, image: QImage) -> None:
        """Show another frame."""
        self._image, self._text = image, ""
        self.update()

    def show_text(self, text: str) -> None:
        """Show a text in place of a frame."""
        self._image, self._text = QImage(), text
        self.setAccessibleDescription(text)
        self.update()

    def set_mirrored(self, is_mirrored: bool) -> None:
        """Set whether to swap left and right; saved images are never mirrored."""
        self._is_mirrored = is_mirrored
        self.update()

    def _place(self) -> QRect:
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        return place

    # Qt's own methods.

    def sizeHint(self) -> QSize:
        return _SMALLEST * 2

    def minimumSizeHint(self) -> QSize:
        return _SMALLEST

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = theme_for(self.palette())
        painter.fillRect(self.rect(), QColor(theme.surface_alt))
        if self._image.isNull():
            painter.setPen(QColor(theme.text_muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(GRID, GRID, -GRID, -GRID), flags, self._text)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._is_mirrored:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        painter.drawImage(self._place(), self._image)
