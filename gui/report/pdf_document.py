"""A report as PDF."""

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice

from core.report.blocks import Report
from gui.report.pdf_blocks import BlockPainter
from gui.report.pdf_canvas import PdfCanvas

Translate = Callable[[str], str]


def pdf_document(report: Report, translate: Translate = str) -> bytes:
    """Write a report as PDF; there must be a `QGuiApplication`, whose fonts it has.

    Args:
        translate: Makes a text for users of each text in the report.
    """
    # Drawn twice: how many pages there are stands on the first one.
    _, num_pages = _drawn(report, translate, 0)
    content, _ = _drawn(report, translate, num_pages)
    return content


def _drawn(report: Report, translate: Translate, num_pages: int) -> tuple[bytes, int]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    title, footer = translate(report.title), translate(report.footer)
    canvas = PdfCanvas(buffer, title, footer, num_pages)
    BlockPainter(canvas, translate).draw(report)
    num_drawn = canvas.finish()
    return bytes(buffer.data().data()), num_drawn
