import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QWidget

from gui.classifier.answer_popup import AnswerPopup
from gui.classifier.classifier_service import ClassifierService
from gui.classifier.image_menu import ImageMenu
from tests.models import PHOTOS

# What the offscreen platform says of every popup.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

CAT, COFFEE = PHOTOS / "cat.jpg", PHOTOS / "coffee.jpg"
POINT = QPoint(50, 50)


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def menu(qtbot, window):
    service = ClassifierService()
    yield ImageMenu(service, window)
    service.close()


def actions(window):
    """Actions of the open menu and of its sub-menu, by their texts without mnemonics."""
    found = {}
    for shown in window.findChildren(QMenu):
        for action in shown.actions():
            text = action.text()
            found[text.replace("&&", "\0").replace("&", "").replace("\0", "&")] = action
    return found


def test_foreign_images_can_only_be_looked_at(menu, window):
    menu.popup([CAT], POINT)
    names = [name for name in actions(window) if name]
    assert names == ["Classify", "Show in file manager", "Copy path"]


def test_images_of_the_project_can_be_changed(qtbot, menu, window):
    menu.popup([CAT, COFFEE], POINT, labels=("cats & dogs", "cups"), editable=True)
    shown = actions(window)
    assert {"Classify 2 pictures", "Move to class", "New class…", "Copy paths"} <= set(shown)
    assert "Include in training" not in shown
    with qtbot.waitSignal(menu.move_requested) as moved:
        shown["cats & dogs"].trigger()
    assert moved.args == [[CAT, COFFEE], "cats & dogs"]
    with qtbot.waitSignal(menu.exclude_requested) as excluded:
        shown["Exclude from training"].trigger()
    assert excluded.args == [[CAT, COFFEE]]


def test_excluded_images_can_be_used_again(qtbot, menu, window):
    menu.popup([CAT], POINT, editable=True, excluded=True)
    with qtbot.waitSignal(menu.include_requested) as included:
        actions(window)["Include in training"].trigger()
    assert included.args == [[CAT]]


def test_new_class_asks_for_its_name(qtbot, menu, window):
    menu.popup([CAT], POINT, editable=True)
    actions(window)["New class…"].trigger()
    dialog = window.findChild(QInputDialog)
    assert dialog.isVisible()
    dialog.setTextValue("  tigers ")
    with qtbot.waitSignal(menu.move_requested) as moved:
        dialog.accept()
    assert moved.args == [[CAT], "tigers"]


def test_new_class_without_a_name_is_none(qtbot, menu, window):
    menu.popup([CAT], POINT, editable=True)
    actions(window)["New class…"].trigger()
    with qtbot.assertNotEmitted(menu.move_requested):
        window.findChild(QInputDialog).accept()


def test_copied_paths_are_one_a_line(menu, window):
    menu.popup([CAT, COFFEE], POINT)
    actions(window)["Copy paths"].trigger()
    assert QGuiApplication.clipboard().text() == f"{CAT}\n{COFFEE}"


def test_one_image_is_answered_on_the_spot(qtbot, menu, window):
    menu.popup([CAT], POINT)
    actions(window)["Classify"].trigger()
    popup = window.findChild(AnswerPopup)
    qtbot.waitUntil(lambda: len(popup.answer()) == 3, timeout=30_000)
    popup.close()


def test_several_images_go_to_the_page(qtbot, menu, window):
    menu.popup([CAT, COFFEE], POINT)
    with qtbot.waitSignal(menu.open_in_classify_requested) as asked:
        actions(window)["Classify 2 pictures"].trigger()
    assert asked.args == [[CAT, COFFEE]]


def test_vanished_image_is_not_looked_for_in_vain(qtbot, menu, window, tmp_path):
    menu.popup([tmp_path / "gone.jpg"], POINT)
    actions(window)["Show in file manager"].trigger()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox) is not None)
    box = window.findChild(QMessageBox)
    assert "gone.jpg no longer exists" in box.text()
    box.close()


def test_file_manager_gets_what_is_there(qtbot, menu, window, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(menu._file_manager, "show_files", shown.append)
    menu.popup([CAT, tmp_path / "gone.jpg"], POINT)
    actions(window)["Show in file manager"].trigger()
    qtbot.waitUntil(lambda: shown == [[CAT]])


def test_no_images_no_menu(menu, window):
    menu.popup([], POINT)
    assert not window.findChildren(QMenu)
