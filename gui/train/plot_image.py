"""Writes the training plots as an image."""

from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator

from core.errors import StorageError
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text

_IMAGE_SCALE = 2


def save_plots(view: pg.GraphicsLayoutWidget, path: Path, background: str) -> None:
    """Write the plots as PNG or, by the file's suffix, as SVG.

    Raises:
        StorageError: If the file can't be written.
    """
    area = view.viewport().rect()
    # pyqtgraph's own exporter of SVG stumbles over the paths that Qt 6 draws.
    if path.suffix.lower() == ".svg":
        buffer = QBuffer()
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(area.size())
        generator.setViewBox(area)
        _paint(view, generator)
        write_bytes_atomically(path, bytes(buffer.data().data()))
        return
    image = QImage(_IMAGE_SCALE * area.size(), QImage.Format.Format_RGB32)
    image.fill(QColor(background))
    _paint(view, image)
    if not image.save(str(path)):
        raise StorageError(
            Text("%1 can't be written. Check the folder and the free space.", str(path))
        )


def _paint(view: pg.GraphicsLayoutWidget, device: QPaintDevice) -> None:
    painter = QPainter(device)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    view.render(painter)
    painter.end()
