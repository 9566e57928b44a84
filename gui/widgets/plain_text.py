"""Shows names and messages from elsewhere as they are.

Qt takes a text for HTML if it looks like it: a class called `<img src="...">` would be an image in
a tooltip, fetched from that address.
"""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget


class PlainLabel(QLabel):
    """A label that never takes its text for HTML; used for all labels of the window."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def plain_tooltip(text: str) -> str:
    """Return a tooltip that shows `text` as it is, even if it looks like HTML."""
    if "<" not in text:  # which `Qt::mightBeRichText` looks for
        return text
    lines = escape(text).replace("\n", "<br>")
    return f"<p>{lines}</p>"


def plain_data(text: str, role: int) -> str:
    """Return a text as a model's data: for tooltips `plain_tooltip`, else the text."""
    return plain_tooltip(text) if role == Qt.ItemDataRole.ToolTipRole else text


def show_plainly(box: QMessageBox) -> None:
    """Make a message box show its texts as plain text; call it once they are set."""
    for label in box.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
