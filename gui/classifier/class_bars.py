"""The most probable classes of an image as bars."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.look.language import tr
from gui.look.theme import GRID, theme_for
from gui.look.wording import percent

_BAR = 6
_GAP = 12
_MIN_WIDTH = 160


class ClassBars(QWidget):
    """Draws a label, a percentage and a bar for each class.

    Args:
        num_rows: Number of rows to reserve space for, so that the layout doesn't jump.
    """

    def __init__(self, num_rows: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._num_rows = num_rows
        self._classes: tuple[tuple[str, float], ...] = ()
        self.setObjectName("Class bars")
        self.setAccessibleName(tr("Most probable classes"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def classes(self) -> tuple[tuple[str, float], ...]:
        """Return the labels with their probabilities as shown, best first."""
        return self._classes

    def set_classes(self, classes: Sequence[tuple[str, float]]) -> None:
        """Show labels with their probabilities, best first."""
        self._classes = tuple(classes[: self._num_rows])
        texts = [f"{label} {percent(probability)}" for label, probability in self._classes]
        self.setAccessibleDescription(", ".join(texts))
        self.update()

    def _row_height(self) -> int:
        return self.fontMetrics().height() + GRID // 2 + _BAR + _GAP

    def _row(self, index: int) -> QRect:
        return QRect(0, index * self._row_height(), self.width(), self._row_height())

    def _paint_row(self, painter: QPainter, row: QRect, index: int) -> None:
        theme = theme_for(self.palette())
        label, probability = self._classes[index]
        text_row = QRect(row.left(), row.top(), row.width(), self.fontMetrics().height())
        number, font = percent(probability), self._font(is_first=index == 0)
        metrics = QFontMetrics(font)
        room = text_row.width() - metrics.horizontalAdvance(number) - 2 * GRID
        elided = metrics.elidedText(_one_line(label), Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        painter.drawText(text_row, Qt.AlignmentFlag.AlignLeft, elided)
        painter.drawText(text_row, Qt.AlignmentFlag.AlignRight, number)
        bar = QRectF(row.left(), text_row.bottom() + GRID // 2, row.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface_alt))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        bar.setWidth(max(_BAR, bar.width() * probability))
        painter.setBrush(QColor(theme.accent if index == 0 else theme.control_line))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)

    def _font(self, *, is_first: bool) -> QFont:
        font = QFont(self.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setWeight(QFont.Weight.DemiBold if is_first else QFont.Weight.Normal)
        return font

    # Qt's own methods.

    def sizeHint(self) -> QSize:
        return QSize(2 * _MIN_WIDTH, self._num_rows * self._row_height() - _GAP)

    def minimumSizeHint(self) -> QSize:
        return QSize(_MIN_WIDTH, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(len(self._classes)):
            self._paint_row(painter, self._row(index), index)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = event.pos().y() // self._row_height()
            is_on_row = 0 <= index < len(self._classes)
            text = self._classes[index][0] if is_on_row else ""
            QToolTip.showText(event.globalPos(), f"<p>{escape(text)}</p>" if text else "")
            return True
        return super().event(event)


def _one_line(label: str) -> str:
    return " ".join(label.split())
