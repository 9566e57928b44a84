"""Undo and redo reach the window through a line that has nothing to undo."""

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from gui.widgets.undo_keys import pass_undo_on

Keys = QKeySequence.StandardKey


@pytest.fixture
def window(qtbot):
    """Counts what its own undo and redo are asked for."""
    window = QWidget()
    window.done = []
    QVBoxLayout(window)
    for name, key in (("Undo", Keys.Undo), ("Redo", Keys.Redo)):
        action = QAction(window)
        action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked, name=name: window.done.append(name))
        window.addAction(action)
    qtbot.addWidget(window)
    return window


def shown(qtbot, window, editor):
    window.layout().addWidget(editor)
    pass_undo_on(editor)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    editor.setFocus()
    return editor


@pytest.mark.parametrize("make", [QLineEdit, QSpinBox, QComboBox])
def test_an_untouched_editor_leaves_them_to_the_window(qtbot, window, make):
    editor = make()
    if isinstance(editor, QComboBox):
        editor.setEditable(True)
    shown(qtbot, window, editor)
    qtbot.keySequence(editor, Keys.Undo)
    qtbot.keySequence(editor, Keys.Redo)
    assert window.done == ["Undo", "Redo"]


def test_typing_is_undone_first(qtbot, window):
    editor = shown(qtbot, window, QLineEdit())
    qtbot.keyClicks(editor, "a")
    qtbot.keySequence(editor, Keys.Undo)
    assert (editor.text(), window.done) == ("", [])
    qtbot.keySequence(editor, Keys.Redo)
    assert (editor.text(), window.done) == ("a", [])
    qtbot.keySequence(editor, Keys.Undo)
    qtbot.keySequence(editor, Keys.Undo)
    assert window.done == ["Undo"]
