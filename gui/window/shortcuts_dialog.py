"""The list of keyboard shortcuts, made from the actions."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel


class ShortcutsDialog(QDialog):
    """Show each action that has a shortcut, and the keys of views."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setObjectName("Shortcuts")
        rows = [
            (_plain(action.iconText()), _keys(action)) for action in actions if action.shortcuts()
        ]
        rows += [
            (tr("Explain the words of a setting"), "Shift+F1"),
            (tr("Rename the class"), "F2"),
            (tr("Remove the class"), "Del"),
            (tr("Menu of the pictures"), tr("Menu, Shift+F10")),
            (tr("Larger and smaller pictures"), "Ctrl++, Ctrl+-"),
            (tr("Paste pictures to classify"), "Ctrl+V"),
        ]
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID)
        half = (len(rows) + 1) // 2
        for position, (name, keys) in enumerate(rows):
            column = 2 * (position // half)
            shown = PlainLabel(keys)
            shown.setProperty("role", "heading")
            grid.addWidget(PlainLabel(name), position % half, column)
            grid.addWidget(shown, position % half, column + 1, Qt.AlignmentFlag.AlignRight)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(grid)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _plain(text: str) -> str:
    return text.replace("&", "").replace("…", "")


def _keys(action: QAction) -> str:
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(keys.toString(form) for keys in action.shortcuts())
