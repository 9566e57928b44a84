"""A refused model is told in the banner and asked about; a yes is for its content alone."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from core.errors import StorageError
from gui.trust.refused_model import RefusedModel
from gui.widgets.banner import Banner
from tests.fake_refusals import REFUSAL


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def banner(window):
    return Banner(window)


def question(window) -> QMessageBox:
    return window.findChild(QMessageBox, "Trust model")


def answer(qtbot, window, text: str) -> None:
    box = question(window)
    (button,) = (each for each in box.findChildren(QAbstractButton) if each.text() == text)
    button.click()
    qtbot.waitUntil(lambda: question(window) is None)


def test_question_names_model_and_operations_and_what_a_yes_means(qtbot, window, banner):
    RefusedModel(banner, window, parent=window).tell(REFUSAL, lambda: None)
    box = question(window)
    assert "“/home/somebody/net”" in box.text()
    assert f"• {REFUSAL.findings[0]}" in box.informativeText()
    assert "Nothing of the model was run." in box.informativeText()
    answer(qtbot, window, "Cancel")


def test_enter_and_escape_mean_no(qtbot, window, banner):
    RefusedModel(banner, window, parent=window).tell(REFUSAL, lambda: None)
    box = question(window)
    assert box.defaultButton().text() == "Cancel"
    assert box.escapeButton().text() == "Cancel"
    box.reject()


def test_no_leaves_the_reason_and_a_way_back(qtbot, window, banner):
    again = []
    RefusedModel(banner, window, parent=window).tell(REFUSAL, lambda: again.append(True))
    answer(qtbot, window, "Cancel")
    assert "/home/somebody/net was not run" in banner.text()
    assert "WriteFile in the function" in banner.text()
    assert "--trust" not in banner.text()
    assert again == []
    banner.buttons()["Use it anyway…"].click()
    answer(qtbot, window, "Cancel")
    assert again == []


def test_yes_is_remembered_for_the_content_before_it_is_tried_again(qtbot, window, banner):
    done = []
    refused = RefusedModel(banner, window, lambda *named: done.append(named), window)
    refused.tell(REFUSAL, lambda: done.append("again"))
    answer(qtbot, window, "Use it anyway")
    qtbot.waitUntil(lambda: "again" in done)
    assert done == [("f00d", "/home/somebody/net"), "again"]
    assert banner.text() == ""


def test_yes_that_cant_be_remembered_is_told_and_counts_for_nothing(qtbot, window, banner):
    def remember(_fingerprint, _name):
        raise StorageError("The disk is full.")

    again = []
    RefusedModel(banner, window, remember, window).tell(REFUSAL, lambda: again.append(True))
    answer(qtbot, window, "Use it anyway")
    qtbot.waitUntil(lambda: banner.text() == "The disk is full.")
    assert again == []
