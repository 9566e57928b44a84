"""A line of text that is shortened in the middle when there is no room."""

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOption, QWidget

from gui.widgets.plain_text import PlainLabel

_MIN_WIDTH = 48


class ElidedLabel(PlainLabel):
    """Show as much of a text as fits, and all of it in the tooltip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str, tooltip: str = "") -> None:
        """Change the text; the tooltip is the text itself unless another is given."""
        super().setText(" ".join(text.split()))
        whole = tooltip or text
        self.setToolTip(f"<p>{escape(whole)}</p>" if whole else "")

    # Qt's own methods.

    def minimumSizeHint(self) -> QSize:
        return QSize(_MIN_WIDTH, super().sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        area = self.contentsRect()
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideMiddle, area.width()
        )
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        self.style().drawItemText(
            painter,
            area,
            int(self.alignment()),
            option.palette,
            self.isEnabled(),
            text,
            self.foregroundRole(),
        )
