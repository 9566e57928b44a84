"""Lets the window's undo and redo through a line of text that has nothing to undo."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

_Keys = QKeySequence.StandardKey


def pass_undo_on(editor: QWidget) -> None:
    """Leave Ctrl+Z and its like to the window's actions while an editor has no use for them.

    Qt's editors take these keys even then, so that nothing happens.

    Args:
        editor: A line edit, or an input that holds one; others are left as they are.
    """
    line = editor if isinstance(editor, QLineEdit) else editor.findChild(QLineEdit)
    if line is not None:
        editor.installEventFilter(_UndoKeys(line, editor))


class _UndoKeys(QObject):
    def __init__(self, line: QLineEdit, parent: QObject) -> None:
        super().__init__(parent)
        self._line = line

    # Qt's own methods.

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        is_unused_undo = event.matches(_Keys.Undo) and not self._line.isUndoAvailable()
        is_unused_redo = event.matches(_Keys.Redo) and not self._line.isRedoAvailable()
        if is_unused_undo or is_unused_redo:
            event.ignore()
            return True
        return False
