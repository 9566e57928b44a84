"""A question before something that can't be undone."""

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.widgets.confirmation import ask_to_confirm


@pytest.mark.parametrize(("pressed", "expected"), [("Remove", ["yes"]), ("Keep", [])])
def test_only_the_button_that_confirms_does_it(qtbot, pressed: str, expected: list[str]):
    window = QWidget()
    qtbot.addWidget(window)
    done: list[str] = []
    box = ask_to_confirm(
        window,
        name="Remove it",
        title="Remove",
        question="Remove <b>it</b>?",
        explanation="It will be gone.",
        confirm="Remove",
        refuse="Keep",
        on_confirmed=lambda: done.append("yes"),
    )
    assert box is window.findChild(QMessageBox, "Remove it")
    assert (box.text(), box.informativeText()) == ("Remove <b>it</b>?", "It will be gone.")
    assert box.defaultButton() is box.escapeButton()
    assert box.defaultButton().text() == "Keep"
    [button] = [each for each in box.buttons() if each.text() == pressed]
    button.click()
    assert done == expected
