from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton

from gui.quick.quick_window import QuickWindow, as_text

CAT = Path("/pictures/cat.jpg")
BEST = (("tiger cat", 0.75), ("cow", 0.05))


@pytest.fixture
def window(qtbot):
    window = QuickWindow()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.mark.parametrize(
    ("key", "modifiers", "signal"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, "previous_requested"),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, "next_requested"),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, "first_requested"),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, "last_requested"),
        (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier, "copy_requested"),
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, "open_requested"),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, "closed"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_keys(qtbot, window, key, modifiers, signal):
    window.picker.setFocus()
    with qtbot.waitSignal(getattr(window, signal)):
        qtbot.keyClick(window.picker, key, modifiers)


def test_every_control_has_a_name_for_assistive_technology(window):
    for button in window.findChildren(QPushButton):
        interface = QAccessible.queryAccessibleInterface(button)
        assert interface.text(QAccessible.Text.Name), button
    assert window.preview.accessibleName()
    assert window.bars.accessibleName()


def test_answer_and_place_are_shown(window):
    window.show_busy(CAT)
    assert window.windowTitle() == "cat.jpg – Fieldguide"
    assert not window.findChild(QPushButton, "Copy").isEnabled()
    window.show_answer(BEST)
    window.show_position(1, 3)
    assert window.bars.isVisible()
    assert window.bars.classes() == BEST
    assert window.position() == "2 of 3"
    assert window.findChild(QPushButton, "Copy").isEnabled()


def test_ends_of_the_list_are_no_way_on(window):
    previous, following = (window.findChild(QPushButton, name) for name in ("Previous", "Next"))
    window.show_position(0, 2)
    assert (previous.isEnabled(), following.isEnabled()) == (False, True)
    window.show_position(1, 2)
    assert (previous.isEnabled(), following.isEnabled()) == (True, False)


def test_model_is_named_whole_though_the_button_is_short(window, tmp_path):
    name = "a model with a very long name " * 5
    window.picker.show_model(name, tmp_path)
    assert name in window.picker.accessibleName()
    assert window.picker.fontMetrics().horizontalAdvance(window.picker.text()) < window.width() / 2


def test_answer_as_text():
    assert as_text(CAT, BEST) == "/pictures/cat.jpg: tiger cat 75.0%, cow 5.0%"
