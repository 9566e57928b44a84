import pytest
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QToolButton, QWidget

from gui.window.actions import Actions
from gui.window.main_window import MainWindow


@pytest.fixture
def window(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    return window


def test_the_first_page_that_is_added_is_in_front(window):
    assert window.page is None
    actions = Actions(window, QUndoStack(window))
    first, second = QWidget(), QWidget()
    window.add_page(actions, "First", "images", first, 1)
    window.add_page(actions, "Second", "play", second, 2)
    assert window.page is first


def test_a_page_is_shown_by_rail_action_and_call(window):
    actions = Actions(window, QUndoStack(window))
    first, second, shown = QWidget(), QWidget(), []
    window.add_page(actions, "First", "images", first, 1)
    window.add_page(actions, "Second", "play", second, 2)
    window.page_shown.connect(shown.append)
    actions.pages[1].trigger()
    window.rail.findChild(QToolButton, "Page First").click()
    window.show_page(second)
    assert shown == [second, first, second]
    assert window.rail.findChild(QToolButton, "Page Second").isChecked()
