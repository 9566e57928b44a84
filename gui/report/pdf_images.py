"""Thumbnails in a PDF."""

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from core.report.report_image import ReportImage
from gui.look.theme import LIGHT
from gui.report.pdf_canvas import PdfCanvas, Style

_SMALLEST = 5.5


def draw_image(
    canvas: PdfCanvas, image: ReportImage, area: QRectF, translate: Callable[[str], str]
) -> None:
    """Draw an image into the middle of an area, or say there why it is missing."""
    if not image.jpeg:
        _draw_missing(canvas, image, area, translate)
        return
    pixels = QImage.fromData(image.jpeg)
    width, height = image.size
    factor = min(area.width() / width, area.height() / height)
    size = width * factor, height * factor
    left = area.x() + (area.width() - size[0]) / 2
    top = area.y() + (area.height() - size[1]) / 2
    canvas.painter.drawImage(canvas.in_dots(QRectF(left, top, *size)), pixels)


def _draw_missing(
    canvas: PdfCanvas, image: ReportImage, area: QRectF, translate: Callable[[str], str]
) -> None:
    canvas.fill(area, LIGHT.surface_alt, 2)
    style = Style(_SMALLEST, LIGHT.text_muted)
    canvas.painter.save()
    canvas.painter.setClipRect(canvas.in_dots(area))
    text = f"{translate(image.problem)}\n{image.path}"
    canvas.draw_text(text, style, (area.x() + 3, area.y() + 3), area.width() - 6)
    canvas.painter.restore()
