"""The legend of the training plots: what each line is, by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.language import tr
from gui.look.theme import CONTROL_HEIGHT, GRID, theme_for
from gui.widgets.plain_text import plain_tooltip

_SAMPLE = 3 * GRID
_GAP = GRID // 2
_FONT_SIZE = 12  # pixels, as help texts have
_SPACE = 2 * GRID
_ROWS = 2
_LEAST_WIDTH = 12 * GRID  # of a sample and some letters


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line and its name.

    Attributes:
        name: As a text to show.
        pen: What the line is drawn with.
    """

    name: str
    pen: QPen


class PlotLegend(QWidget):
    """Show a sample of each line with its name, in two rows; the tooltip has those without room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[LegendEntry] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_entries(self, entries: Sequence[LegendEntry]) -> None:
        """Change what is shown."""
        self._entries = [*entries]
        text = " · ".join(self.names())
        self.setToolTip(plain_tooltip(text))
        self.setAccessibleName(tr("Legend: %1", text) if text else tr("Legend"))
        self.update()

    def names(self) -> list[str]:
        """Return the names of all lines."""
        return [entry.name for entry in self._entries]

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(_FONT_SIZE)
        return font

    # Qt's own methods.

    def sizeHint(self) -> QSize:
        return QSize(40 * GRID, CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(6 * GRID, CONTROL_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        metrics = painter.fontMetrics()
        color = QColor(theme_for(self.palette()).text_muted)
        row_height = self.height() / _ROWS
        rows = self._rows(metrics)
        top = (self.height() - len(rows) * row_height) / 2
        for row in rows:
            left = 0.0
            for entry in row:
                middle, begin = top + row_height / 2, left + _SAMPLE + _GAP
                painter.setPen(entry.pen)
                painter.drawLine(QPointF(left, middle), QPointF(left + _SAMPLE, middle))
                painter.setPen(color)
                room = max(0.0, self.width() - begin)
                name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideMiddle, int(room))
                align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                painter.drawText(QRectF(begin, top, room, row_height), align, name)
                left += self._width(entry, metrics)
            top += row_height
        painter.end()

    def _rows(self, metrics: QFontMetrics) -> list[list[LegendEntry]]:
        """Return the entries row by row; the last of the last row may be too long."""
        rows: list[list[LegendEntry]] = [[]]
        left = 0.0
        for entry in self._entries:
            width = self._width(entry, metrics)
            if left + width - _SPACE > self.width():
                if len(rows) < _ROWS and rows[-1]:
                    rows.append([])
                    left = 0.0
                elif left + _LEAST_WIDTH > self.width():
                    break
            rows[-1].append(entry)
            left += width
        return rows

    def _width(self, entry: LegendEntry, metrics: QFontMetrics) -> float:
        return _SAMPLE + _GAP + metrics.horizontalAdvance(entry.name) + _SPACE
