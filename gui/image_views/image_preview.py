"""A preview of one image, read in the background."""

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from core.data.files.image_files import may_have_16_bits
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.theme import GRID, theme_for
from gui.work.background import Task, TaskContext

_ICON = 32


class ImagePreview(QWidget):
    """Show an image in its proportions, never enlarged.

    Args:
        longest_side: Pixels to which images are scaled down when read.
    """

    def __init__(self, longest_side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._longest_side = longest_side
        self._path: Path | None = None
        self._sample_bits: int | None = None
        self._pixmap = QPixmap()
        self._is_unusable = False
        self._task: Task | None = None
        self.setObjectName("Preview")
        self.setAccessibleName(tr("Preview"))

    @property
    def path(self) -> Path | None:
        """The image that is shown or being read."""
        return self._path

    @property
    def has_image(self) -> bool:
        """Whether the image has been read."""
        return not self._pixmap.isNull()

    def show_image(self, path: Path | None) -> None:
        """Show another image, or none; the previous one is removed at once."""
        if path == self._path:
            return
        self.close_task()
        self._path, self._pixmap, self._is_unusable = path, QPixmap(), False
        self.setAccessibleDescription(path.name if path else "")
        self.update()
        if path is not None:
            self._read(path)

    def set_sample_bits(self, sample_bits: int | None) -> None:
        """Read images as a model does; for `sample_bits` see `Decoding`."""
        if sample_bits == self._sample_bits:
            return
        self._sample_bits = sample_bits
        # The old pixels stay until the new ones are there.
        if self._path is not None and may_have_16_bits(self._path):
            self.close_task()
            self._read(self._path)

    def _read(self, path: Path) -> None:
        sample_bits = self._sample_bits
        side = round(self._longest_side * self.devicePixelRatioF())

        def read(_context: TaskContext) -> QImage:
            # Late, in the thread: a window can show before Pillow and NumPy are imported.
            from gui.image_views.preview_reading import read_preview

            return read_preview(path, side, sample_bits)

        self._task = Task(read)
        self._task.succeeded.connect(self._on_read)
        self._task.failed.connect(self._on_failed)
        self._task.start()

    def close_task(self) -> None:
        """Cancel reading an image."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _on_read(self, image: QImage) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self._pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        self.update()

    def _on_failed(self, _message: str, _details: str) -> None:
        self._is_unusable = True
        self.update()

    # Qt's own methods.

    def sizeHint(self) -> QSize:
        return QSize(self._longest_side // 2, self._longest_side // 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._pixmap.isNull():
            size = self._pixmap.deviceIndependentSize().toSize()
            if size.width() > self.width() or size.height() > self.height():
                size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            area = QRect(0, 0, size.width(), size.height())
            area.moveCenter(self.rect().center())
            painter.drawPixmap(area, self._pixmap)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme_for(self.palette()).surface_alt))
        painter.drawRoundedRect(self.rect(), GRID / 2, GRID / 2)
        if self._is_unusable:
            area = QRect(0, 0, _ICON, _ICON)
            area.moveCenter(self.rect().center())
            icon("image-off", IconColor.MUTED).paint(painter, area)
