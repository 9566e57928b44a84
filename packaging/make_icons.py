"""Draws the program's icon in the sizes and formats that systems want, into build/icons.

Usage: python packaging/make_icons.py

hicolor/ is laid out as below /usr/share/icons; fieldguide.ico is for Windows, fieldguide.icns for
macOS.
"""

import io
import os
import shutil
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ROOT = Path(__file__).resolve().parents[1]
DRAWING = ROOT / "resources" / "icons" / "fieldguide.svg"
TARGET = ROOT / "build" / "icons"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
_ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)


def main() -> int:
    """Draw all of them; gives the exit code."""
    application = QGuiApplication([])
    shutil.rmtree(TARGET, ignore_errors=True)
    for size in SIZES:
        place = TARGET / "hicolor" / f"{size}x{size}" / "apps" / "fieldguide.png"
        place.parent.mkdir(parents=True)
        drawing(size).save(place)
    scalable = TARGET / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copyfile(DRAWING, scalable / "fieldguide.svg")
    drawing(256).save(
        TARGET / "fieldguide.ico",
        sizes=[(size, size) for size in _ICO_SIZES],
        append_images=[drawing(size) for size in _ICO_SIZES],
    )
    drawing(1024).save(TARGET / "fieldguide.icns")
    application.quit()
    return 0


def drawing(size: int) -> Image.Image:
    """The icon, `size` pixels wide and high, over nothing."""
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(content.data()))


if __name__ == "__main__":
    sys.exit(main())
