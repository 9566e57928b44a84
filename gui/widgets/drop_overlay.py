"""Highlights the window while something is dragged over it, and says what a drop will do."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from gui.look.theme import GRID, theme_for
from gui.widgets.plain_text import PlainLabel

_VEIL_ALPHA = 190


class DropOverlay(QWidget):
    """Cover the parent; the mouse and the drag pass through.

    Args:
        parent: The widget to cover.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setObjectName("Drop overlay")
        self._label = PlainLabel(parent=self)
        self._label.setProperty("role", "title")
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setWordWrap(True)
        self._keep_clear = QRect()
        parent.installEventFilter(self)
        self.hide()

    def show_text(self, text: str, keep_clear: QRect | None = None) -> None:
        """Show a text; the area `keep_clear`, such as a row to drop onto, is not covered."""
        self._label.setText(text)
        self._keep_clear = keep_clear or QRect()
        self.setGeometry(self._covered.rect())
        self._label.setGeometry(self.rect().adjusted(8 * GRID, 8 * GRID, -8 * GRID, -8 * GRID))
        self.show()
        self.raise_()
        self.update()

    def text(self) -> str:
        """Return the text."""
        return self._label.text()

    # Qt's own methods.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._covered.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = theme_for(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._keep_clear.isEmpty():
            whole = self.rect()
            painter.setClipRegion(_without(whole, self._keep_clear))
        veil = QColor(theme.accent_soft)
        veil.setAlpha(_VEIL_ALPHA)
        painter.setBrush(veil)
        painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(GRID, GRID, -GRID, -GRID), GRID, GRID)


def _without(whole: QRect, hole: QRect) -> QRegion:
    return QRegion(whole).subtracted(QRegion(hole))
