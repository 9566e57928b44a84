"""The pages of a PDF, filled from top to bottom."""

from dataclasses import dataclass

from PySide6.QtCore import QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextLayout,
    QTextOption,
)

from gui.look.theme import LIGHT

_DPI = 600  # so that rounding glyphs to whole dots isn't seen
_MARGIN_MM = 17
_FOOTER = 22.0
TEXT_SIZE, SMALL_SIZE = 9.5, 8.0
LINE_SPACING = 1.32


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks.

    Attributes:
        size: In points.
        color: `#RRGGBB`.
    """

    size: float = TEXT_SIZE
    color: str = LIGHT.text
    is_bold: bool = False
    is_code: bool = False


class PdfCanvas:
    """A place on a page that moves down; lengths are in points.

    Args:
        device: Where the PDF goes.
        title: Of the document, in each footer.
        footer: Beside it.
        num_pages: Of the whole document; 0 while it is not known.

    Attributes:
        y: The place, from the top of the page's area.
        width: Of the page's area.
        height: Likewise, without the footer.
        page: Number of the page, from 1.
    """

    def __init__(self, device: QIODevice, title: str, footer: str, num_pages: int) -> None:
        self._title, self._footer, self._num_pages = title, footer, num_pages
        self._writer = QPdfWriter(device)
        self._writer.setResolution(_DPI)
        self._writer.setTitle(title)
        self._writer.setCreator(footer)
        self._writer.setPageLayout(
            QPageLayout(
                QPageSize(QPageSize.PageSizeId.A4),
                QPageLayout.Orientation.Portrait,
                QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM - 4),
                QPageLayout.Unit.Millimeter,
            )
        )
        self.painter = QPainter(self._writer)
        self.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._dots = _DPI / 72
        self.width = self._writer.width() / self._dots
        self.height = self._writer.height() / self._dots - _FOOTER
        self._families = [
            QFontDatabase.systemFont(which).families()
            for which in (
                QFontDatabase.SystemFont.GeneralFont,
                QFontDatabase.SystemFont.FixedFont,
            )
        ]
        self.y, self.page = 0.0, 1
        self._draw_footer()

    def finish(self) -> int:
        """End the document and return its number of pages."""
        self.painter.end()
        return self.page

    def new_page(self) -> None:
        """Go on at the top of another page."""
        self._writer.newPage()
        self.y, self.page = 0.0, self.page + 1
        self._draw_footer()

    def need(self, height: float) -> bool:
        """Begin another page unless there is room for `height`; return whether it did."""
        if self.y > 0 and self.y + height > self.height:
            self.new_page()
            return True
        return False

    def space(self, height: float) -> None:
        """Leave some room, but not at the top of a page."""
        if self.y > 0:
            self.y += height

    def text_width(self, text: str, style: Style) -> float:
        """Return the width of a text in one line."""
        metrics = QFontMetricsF(self._font(style), self._writer)
        return metrics.horizontalAdvance(text) / self._dots

    def text_height(self, text: str, style: Style, width: float) -> float:
        """Return the height of a text that is broken to a width."""
        return len(self._lines(text, style, width)) * style.size * LINE_SPACING

    def elided(self, text: str, style: Style, width: float) -> str:
        """Return a text that fits a line."""
        metrics = QFontMetricsF(self._font(style), self._writer)
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width * self._dots)

    def draw_text(
        self,
        text: str,
        style: Style,
        place: tuple[float, float],
        width: float,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Draw a text that is broken to a width, and return its height."""
        x, y = place
        top = y
        for line in self._lines(text, style, width):
            self._draw_line(line, style, x, y, width, align)
            y += style.size * LINE_SPACING
        return y - top

    def flow_text(
        self, text: str, style: Style, x: float = 0.0, width: float = 0.0, background: str = ""
    ) -> None:
        """Draw a text from the place on, over as many pages as it takes.

        Args:
            width: 0 for the page's.
            background: Colour behind the lines; "" for none.
        """
        width = width or self.width - x
        height = style.size * LINE_SPACING
        lines = self._lines(text, style, width)
        for number, line in enumerate(lines):
            self.need(height)
            if background:
                above, below = (4 if each else 0 for each in (not number, number + 1 == len(lines)))
                area = QRectF(x - 6, self.y - above, width + 12, height + above + below + 0.4)
                self.fill(area, background)
            self._draw_line(line, style, x, self.y, width, Qt.AlignmentFlag.AlignLeft)
            self.y += height

    def draw_rotated(self, text: str, style: Style, place: tuple[float, float]) -> None:
        """Draw a line that runs upwards from a place at its lower left."""
        self.painter.save()
        self._use(style)
        self.painter.translate(place[0] * self._dots, place[1] * self._dots)
        self.painter.rotate(-90)
        self.painter.drawText(QPointF(0, 0), text)
        self.painter.restore()

    def fill(self, area: QRectF, color: str | QColor, radius: float = 0.0) -> None:
        """Fill an area."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(color))
        dots = radius * self._dots
        self.painter.drawRoundedRect(self.in_dots(area), dots, dots)

    def rule(self, y: float, x: float = 0.0, width: float = 0.0) -> None:
        """Draw a hairline; `width` 0 is the page's."""
        self.fill(QRectF(x, y, width or self.width, 0.5), LIGHT.line)

    def in_dots(self, area: QRectF) -> QRectF:
        """Return an area in the painter's own unit."""
        dots = self._dots
        return QRectF(area.x() * dots, area.y() * dots, area.width() * dots, area.height() * dots)

    def _draw_footer(self) -> None:
        style = Style(SMALL_SIZE, LIGHT.text_muted)
        y = self.height + _FOOTER - SMALL_SIZE * LINE_SPACING
        self.rule(y - 4)
        number = f"{self.page} / {self._num_pages}" if self._num_pages else str(self.page)
        half = self.width / 2
        names = f"{self._title} · {self._footer}"
        self.draw_text(self.elided(names, style, 1.6 * half), style, (0, y), 1.8 * half)
        self.draw_text(number, style, (half, y), half, Qt.AlignmentFlag.AlignRight)

    def _lines(self, text: str, style: Style, width: float) -> list[str]:
        """Break a text at words, and within those that are wider than a line."""
        found = []
        for paragraph in text.split("\n"):
            layout = QTextLayout(paragraph, self._font(style), self._writer)
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(max(1.0, width) * self._dots)
                # Qt counts in UTF-16.
                units = paragraph.encode("utf-16-le", "replace")
                start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
                found.append(units[start:end].decode("utf-16-le", "replace").rstrip())
            layout.endLayout()
        return found or [""]

    def _draw_line(
        self,
        text: str,
        style: Style,
        x: float,
        y: float,
        width: float,
        align: Qt.AlignmentFlag,
    ) -> None:
        self._use(style)
        # A line that is measured to fit may be wider by a rounding.
        area = self.in_dots(QRectF(x, y, width, style.size * LINE_SPACING))
        self.painter.drawText(
            area,
            int(align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip),
            text,
        )

    def _use(self, style: Style) -> None:
        self.painter.setFont(self._font(style))
        self.painter.setPen(QColor(style.color))

    def _font(self, style: Style) -> QFont:
        font = QFont()
        font.setFamilies(self._families[int(style.is_code)])
        font.setPointSizeF(style.size)
        font.setBold(style.is_bold)
        return font
