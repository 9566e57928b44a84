"""The parts of a report, drawn onto the pages of a PDF."""

from collections.abc import Callable, Sequence
from typing import assert_never

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QFont
from PySide6.QtSvg import QSvgRenderer

from core.plain_text import escape_controls, valid_unicode
from core.report.blocks import (
    Block,
    Code,
    Fold,
    Gallery,
    GalleryItem,
    Heading,
    KeyFigures,
    Matrix,
    Paragraph,
    Report,
    Table,
    Tone,
)
from core.report.chart import Chart, chart_svg
from core.text import count_text
from gui.look.theme import LIGHT
from gui.report.pdf_canvas import LINE_SPACING, SMALL_SIZE, PdfCanvas, Style
from gui.report.pdf_images import draw_image
from gui.report.pdf_tables import draw_matrix, draw_table, matrix_height

Translate = Callable[[str], str]

_TITLE, _SUBTITLE, _VALUE = 22.0, 11.0, 21.0
_HEADINGS = {2: 14.0, 3: 11.0}
_KEPT_TOGETHER = 70.0  # below a heading, of a table or code
_TEXT_WIDTH = 430.0
_GALLERY_COLUMNS, _GALLERY_GAP, _GALLERY_HEIGHT = 6, 9.0, 62.0
_CAPTION_HEIGHT = 48.0
_CHART_SCALE = 0.62
_MOST_ROWS_OF_FOLD = 200


class BlockPainter:
    """Draws blocks one below the other.

    Args:
        translate: Makes a text for users of each text in the report.
    """

    def __init__(self, canvas: PdfCanvas, translate: Translate) -> None:
        self._canvas = canvas
        self._translate: Translate = lambda text: valid_unicode(escape_controls(translate(text)))

    def draw(self, report: Report) -> None:
        """Draw a whole report."""
        title = Style(_TITLE, is_bold=True)
        self._canvas.flow_text(self._translate(report.title), title)
        self._canvas.space(2)
        subtitle = Style(_SUBTITLE, LIGHT.text_muted)
        self._canvas.flow_text(self._translate(report.subtitle), subtitle)
        self._canvas.space(8)
        self._draw_blocks(report.blocks)

    def _draw_blocks(self, blocks: Sequence[Block]) -> None:
        for number, block in enumerate(blocks):
            self._draw_block(block, blocks[number + 1 :])

    def _draw_block(self, block: Block, following: Sequence[Block]) -> None:
        match block:
            case Heading():
                self._heading(block, following)
            case Paragraph():
                self._paragraph(block)
            case KeyFigures():
                self._key_figures(block)
            case Table():
                self._canvas.space(4)
                draw_table(self._canvas, block, self._translate)
                self._canvas.space(8)
            case Matrix():
                self._canvas.space(6)
                draw_matrix(self._canvas, block, self._translate)
                self._canvas.space(8)
            case Gallery():
                self._gallery(block)
            case Chart():
                self._chart(block)
            case Code(lines):
                self._canvas.space(6)
                style = Style(SMALL_SIZE, is_code=True)
                text = "\n".join(lines)
                width = self._canvas.width - 16
                self._canvas.flow_text(text, style, 8, width, LIGHT.surface_alt)
                self._canvas.space(8)
            case Fold():
                self._fold(block)
            case _:
                assert_never(block)

    def _heading(self, heading: Heading, following: Sequence[Block]) -> None:
        size = _HEADINGS[heading.level]
        style = Style(size, is_bold=True)
        is_section = heading.level == 2
        self._canvas.space(22 if is_section else 12)
        self._canvas.need(size * LINE_SPACING + self._beginning(following))
        if is_section:
            if self._canvas.y:
                self._canvas.rule(self._canvas.y - 6)
            self._canvas.space(2)
        self._canvas.flow_text(self._translate(heading.text), style)
        self._canvas.space(3)

    def _beginning(self, following: Sequence[Block]) -> float:
        """Return the room for so much of what follows as a heading must not be parted from."""
        height = 0.0
        for block in following:
            match block:
                case Paragraph(text):
                    height += 12 + self._canvas.text_height(text, Style(), _TEXT_WIDTH)
                    continue
                case Heading(_, level):
                    height += 20 + _HEADINGS[level]
                    continue
                case Chart():
                    height += self._chart_size(block)[1] + 10
                case Matrix():
                    height += matrix_height(self._canvas, block, self._translate) + 6
                case Gallery():
                    height += _GALLERY_HEIGHT + _CAPTION_HEIGHT
                case KeyFigures() | Table() | Code() | Fold():
                    height += _KEPT_TOGETHER
                case _:
                    assert_never(block)
            break
        return min(height, 0.9 * self._canvas.height)

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = self._translate(paragraph.text)
        if paragraph.tone is not Tone.NOTE:
            color = LIGHT.text_muted if paragraph.tone is Tone.MUTED else LIGHT.text
            self._canvas.flow_text(text, Style(color=color), width=_TEXT_WIDTH)
            self._canvas.space(5)
            return
        style = Style()
        height = self._canvas.text_height(text, style, _TEXT_WIDTH - 20) + 8
        self._canvas.space(2)
        self._canvas.need(min(height, self._canvas.height))
        self._canvas.fill(QRectF(0, self._canvas.y, _TEXT_WIDTH, height), LIGHT.surface_alt)
        self._canvas.fill(QRectF(0, self._canvas.y, 2, height), LIGHT.warning)
        self._canvas.draw_text(text, style, (10, self._canvas.y + 4), _TEXT_WIDTH - 20)
        self._canvas.y += height
        self._canvas.space(7)

    def _key_figures(self, block: KeyFigures) -> None:
        gap, count = 10.0, len(block.figures)
        width = (self._canvas.width - gap * (count - 1)) / max(1, count)
        muted = Style(SMALL_SIZE + 0.5, LIGHT.text_muted)
        inner = width - 24
        details = [self._translate(each.detail) for each in block.figures]
        detail = max((self._canvas.text_height(each, muted, inner) for each in details), default=0)
        height = 20 + (muted.size + _VALUE) * LINE_SPACING + detail
        self._canvas.need(height)
        top = self._canvas.y
        for number, figure in enumerate(block.figures):
            x = number * (width + gap)
            self._canvas.fill(QRectF(x, top, width, height), LIGHT.surface_alt, 6)
            value = Style(_VALUE, LIGHT.accent if number == 0 else LIGHT.text, is_bold=True)
            y = top + 10
            y += self._canvas.draw_text(self._translate(figure.label), muted, (x + 12, y), inner)
            y += self._canvas.draw_text(self._translate(figure.value), value, (x + 12, y), inner)
            self._canvas.draw_text(details[number], muted, (x + 12, y), inner)
        self._canvas.y += height
        self._canvas.space(10)

    def _gallery(self, gallery: Gallery) -> None:
        self._canvas.space(4)
        for start in range(0, len(gallery.items), _GALLERY_COLUMNS):
            self._gallery_row(gallery.items[start : start + _GALLERY_COLUMNS])
        self._canvas.space(4)

    def _gallery_row(self, items: Sequence[GalleryItem]) -> None:
        gaps = _GALLERY_GAP * (_GALLERY_COLUMNS - 1)
        width = (self._canvas.width - gaps) / _GALLERY_COLUMNS
        captions = [self._caption(item, width) for item in items]
        line = (SMALL_SIZE - 0.5) * LINE_SPACING
        height = _GALLERY_HEIGHT + 4 + line * max(len(lines) for lines in captions)
        self._canvas.need(height)
        top = self._canvas.y
        for number, (item, lines) in enumerate(zip(items, captions, strict=True)):
            x = number * (width + _GALLERY_GAP)
            area = QRectF(x, top, width, _GALLERY_HEIGHT)
            self._canvas.fill(area, LIGHT.surface_alt, 2)
            draw_image(self._canvas, item.image, area, self._translate)
            for place, (text, style) in enumerate(lines):
                y = top + _GALLERY_HEIGHT + 4 + place * line
                self._canvas.draw_text(text, style, (x, y), width + _GALLERY_GAP)
        self._canvas.y += height
        self._canvas.space(9)

    def _caption(self, item: GalleryItem, width: float) -> list[tuple[str, Style]]:
        """Return the lines below an image, cut where they are too long."""
        found = []
        for number, line in enumerate(item.lines):
            color = LIGHT.text_muted if number else LIGHT.text
            style = Style(SMALL_SIZE - 0.5, color, is_bold=not number)
            text = self._translate(line)
            found.append((self._canvas.elided(text, style, width), style))
        if item.image.problem and item.image.jpeg:
            style = Style(SMALL_SIZE - 0.5, LIGHT.warning)
            text = self._canvas.elided(self._translate(item.image.problem), style, width)
            found.append((text, style))
        return found

    def _chart(self, chart: Chart) -> None:
        svg, _ = chart_svg(chart.translated(self._translate))
        width, height = self._chart_size(chart)
        self._canvas.space(4)
        self._canvas.need(height)
        renderer = QSvgRenderer(QByteArray(svg.encode("utf-8")))
        area = QRectF(0, self._canvas.y, width, height)
        # The renderer keeps what it doesn't set of the font in use, a heading's weight too.
        self._canvas.painter.setFont(QFont())
        renderer.render(self._canvas.painter, self._canvas.in_dots(area))
        self._canvas.y += height
        self._canvas.space(6)

    def _chart_size(self, chart: Chart) -> tuple[float, float]:
        width, height = chart_svg(chart)[1]
        return width * _CHART_SCALE, height * _CHART_SCALE

    def _fold(self, fold: Fold) -> None:
        num_rows = sum(len(block.rows) for block in fold.blocks if isinstance(block, Table))
        if num_rows > _MOST_ROWS_OF_FOLD:
            text = count_text(
                "“%1” has %n row(s) and is left out here; the report as HTML holds it.",
                "",
                num_rows,
                fold.title,
            )
            self._paragraph(Paragraph(text, Tone.MUTED))
            return
        self._heading(Heading(fold.title, 3), fold.blocks)
        self._draw_blocks(fold.blocks)
