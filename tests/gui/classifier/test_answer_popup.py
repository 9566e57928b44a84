import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from gui.classifier.answer_popup import AnswerPopup
from gui.classifier.classifier_service import ClassifierService
from tests.models import PHOTOS

# What the offscreen platform says of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def service(qtbot):
    service = ClassifierService()
    yield service
    service.close()


@pytest.fixture
def ask(qtbot, service):
    def open_popup(path, point=None):
        popup = AnswerPopup(service, path)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(popup)
        popup.ask(point or QPoint(100, 100))
        return popup

    return open_popup


def test_answer_appears(qtbot, ask):
    popup = ask(PHOTOS / "cat.jpg")
    assert popup.answer() == ()
    qtbot.waitUntil(lambda: len(popup.answer()) == 3, timeout=30_000)
    assert popup.answer()[0][0] == "Egyptian Mau"
    assert popup.error() == ""


def test_unusable_image_has_its_reason(qtbot, ask, tmp_path):
    popup = ask(tmp_path / "gone.jpg")
    qtbot.waitUntil(lambda: bool(popup.error()), timeout=30_000)
    assert popup.error() == "This file is not there."


def test_escape_closes(qtbot, ask):
    popup = ask(PHOTOS / "cat.jpg")
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_stays_on_the_screen(ask):
    popup = ask(PHOTOS / "cat.jpg", QPoint(100_000, 100_000))
    assert popup.screen().availableGeometry().contains(popup.geometry())


def test_open_in_classify(qtbot, ask):
    popup = ask(PHOTOS / "cat.jpg")
    with qtbot.waitSignal(popup.open_in_classify_requested) as asked:
        popup.findChild(QPushButton, "Open in Classify").click()
    assert asked.args == [PHOTOS / "cat.jpg"]
    assert not popup.isVisible()
