"""Names and messages from elsewhere, shown as they are.

Qt takes a text for HTML if it looks like some: a class called `<img src="...">` would be a picture
in a tooltip, fetched from wherever it says.
"""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget


class PlainLabel(QLabel):
    """A label that never takes its text for HTML; all labels of the window are of this kind."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def plain_tooltip(text: str) -> str:
    """A tooltip that shows `text` as it is, even where that looks like HTML."""
    if "<" not in text:  # which `Qt::mightBeRichText` looks for
        return text
    lines = escape(text).replace("\n", "<br>")
    return f"<p>{lines}</p>"


def plain_data(text: str, role: int) -> str:
    """A model's data of a role: for tooltips as `plain_tooltip`, for all others the text."""
    return plain_tooltip(text) if role == Qt.ItemDataRole.ToolTipRole else text


def show_plainly(box: QMessageBox) -> None:
    """Let a message box take none of its texts for HTML; call it once they are set."""
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
