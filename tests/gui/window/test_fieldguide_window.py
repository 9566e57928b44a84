"""The whole window, gesture by gesture."""

import shutil
import sys

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QTableView,
)

from core.library.library import entries
from core.project.project_file import read_project
from gui.classifier.answer_popup import AnswerPopup
from gui.images.class_question import ClassQuestion
from gui.images.findings_dialog import FindingsDialog
from gui.widgets.drop_overlay import DropOverlay
from gui.widgets.term_popup import TermPopup
from gui.window.error_report import ErrorDialog
from gui.window.shortcuts_dialog import ShortcutsDialog
from tests import fake_runs
from tests.conftest import CHECKOUT

CAT = CHECKOUT / "tests" / "data" / "known_photos" / "cat.jpg"


def mime(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


class Drag:
    """A drag from another program over the window, as Qt tells of it."""

    def __init__(self, window, *paths):
        self.window, self.data = window.window, mime(*paths)

    def over(self, point):
        """Enter and move; gives whether a drop would be taken, and as what."""
        actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction
        arguments = (actions, self.data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
        enter = QDragEnterEvent(point, *arguments)
        enter.ignore()
        QApplication.sendEvent(self.window, enter)
        move = QDragMoveEvent(point, *arguments)
        QApplication.sendEvent(self.window, move)
        return enter.isAccepted() and move.isAccepted(), move.dropAction()

    def drop(self, point):
        self.over(point)
        actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction
        event = QDropEvent(
            QPointF(point), actions, self.data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
        )
        QApplication.sendEvent(self.window, event)
        return event.dropAction()


MIDDLE = QPoint(600, 400)


@pytest.fixture
def filled(qtbot, make_window, pets):
    """The window with pets in it, looked at to the end."""
    window = make_window()
    with qtbot.waitSignal(window.images.busy_changed, check_params_cb=lambda text: text == ""):
        Drag(window, pets).drop(MIDDLE)
    return window


def counts(window):
    return {row.name: row.image_count for row in window.images_page.classes_model.rows}


def button(parent, text):
    [found] = [b for b in parent.findChildren(QAbstractButton) if b.text() == text]
    return found


def test_first_start_shows_the_gestures_and_offers_the_sample(qtbot, make_window):
    window = make_window()
    assert window.images_page.shows_empty
    assert window.window.windowTitle() == "New project – Fieldguide"
    button(window.images_page, "Try the sample pictures").click()
    expected = {"brick": 16, "grass": 16, "gravel": 16}
    qtbot.waitUntil(lambda: counts(window) == expected, timeout=10_000)


def test_dragging_lights_up_and_says_what_a_drop_will_do(qtbot, make_window, pets):
    window = make_window()
    overlay = window.window.findChild(DropOverlay)
    accepted, action = Drag(window, pets).over(MIDDLE)
    assert accepted
    assert action is Qt.DropAction.CopyAction
    assert overlay.isVisible()
    assert "pets" in overlay.text()
    qtbot.waitUntil(lambda: overlay.text() == "Add 2 classes, 9 pictures", timeout=10_000)
    QApplication.sendEvent(window.window, QDragLeaveEvent())
    assert not overlay.isVisible()


def test_a_drag_that_leaves_ends_the_count(qtbot, make_window, pets):
    window = make_window()
    Drag(window, pets).over(MIDDLE)
    assert window.drops.is_counting
    QApplication.sendEvent(window.window, QDragLeaveEvent())
    assert not window.drops.is_counting


def test_nothing_but_folders_is_counted(make_window, tmp_path):
    window = make_window()
    Drag(window, tmp_path / "pictures.zip").over(MIDDLE)
    assert not window.drops.is_counting
    QApplication.sendEvent(window.window, QDragLeaveEvent())  # Qt keeps whom it last told


def test_a_drag_of_nothing_usable_is_refused(make_window, tmp_path):
    window = make_window()
    (tmp_path / "notes.txt").write_text("notes")
    accepted, _ = Drag(window, tmp_path / "notes.txt").over(MIDDLE)
    assert not accepted


def test_a_window_that_closes_ends_the_drag_over_it(qtbot, make_window, pets, tmp_path):
    window = make_window()
    Drag(window, pets).over(MIDDLE)
    with qtbot.waitSignal(window.closing.closed, timeout=30_000):
        window.closing.close_without_asking()
    # Qt went on to tell it of drags elsewhere, and crashed once it was deleted.
    (tmp_path / "notes.txt").write_text("notes")
    accepted, _ = Drag(make_window(), tmp_path / "notes.txt").over(MIDDLE)
    assert not accepted
    assert window.window.findChild(DropOverlay).isHidden()


def test_a_drop_is_always_a_copy_and_files_stay(filled, pets):
    assert Drag(filled, pets / "cats").drop(MIDDLE) is Qt.DropAction.CopyAction
    assert len(list((pets / "cats").iterdir())) == 4


def test_dropped_folders_become_classes_on_whatever_page(qtbot, make_window, pets):
    window = make_window()
    window.window.show_page(window.results_page)
    Drag(window, pets / "cats", pets / "dogs").drop(MIDDLE)
    qtbot.waitUntil(lambda: counts(window) == {"cats": 4, "dogs": 5}, timeout=10_000)
    assert window.window.page is window.images_page


def test_images_dropped_on_a_class_go_there(qtbot, filled, pets, tmp_path):
    shutil.copy(CAT, tmp_path / "new.jpg")
    view = filled.images_page.class_list
    model = filled.images_page.classes_model
    rect = view.visualRect(model.index(model.row_of("cats")))
    point = view.viewport().mapTo(filled.window, rect.center())
    drag = Drag(filled, tmp_path / "new.jpg")
    drag.over(point)
    assert view.lit_row == model.row_of("cats")
    drag.drop(point)
    qtbot.waitUntil(lambda: counts(filled)["cats"] == 5, timeout=10_000)
    assert view.lit_row == -1


def test_images_dropped_elsewhere_ask_for_their_class(qtbot, filled, tmp_path):
    shutil.copy(CAT, tmp_path / "new.jpg")
    Drag(filled, tmp_path / "new.jpg").drop(MIDDLE)
    question = filled.window.findChild(ClassQuestion)
    assert question.isVisible()
    question._name.setCurrentText("lions")
    question._on_accepted()
    qtbot.waitUntil(lambda: counts(filled).get("lions") == 1, timeout=10_000)


def test_a_dropped_project_is_opened(qtbot, filled, tmp_path):
    filled.project.save_as(tmp_path / "pets")
    filled.project.save_now()
    filled.project.new()
    assert filled.images_page.shows_empty
    Drag(filled, tmp_path / "pets.fieldguide").drop(MIDDLE)
    qtbot.waitUntil(lambda: counts(filled) == {"cats": 4, "dogs": 5}, timeout=10_000)
    assert filled.window.windowTitle().startswith("pets – ")


def test_start_needs_two_classes_and_says_so(make_window, qtbot, pets):
    window = make_window()
    assert not window.train_page.panel.start.isEnabled()
    Drag(window, pets / "cats").drop(MIDDLE)
    qtbot.waitUntil(lambda: "second class" in window.train_page.expected(), timeout=10_000)
    Drag(window, pets / "dogs").drop(MIDDLE)
    qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=10_000)


def test_a_run_is_remembered_by_the_project(qtbot, filled):
    filled.window.show_page(filled.train_page)
    with qtbot.waitSignal(filled.training.run_finished, timeout=30_000):
        filled.train_page.panel.start.click()
    assert filled.project.project.last_run == fake_runs.RUN_DIR


def test_right_click_classify_answers_where_the_click_was(qtbot, filled, pets):
    paths = [pets / "cats" / "00.png"]
    filled.images_page.grid.menu_requested.emit(paths, QPoint(300, 300))
    [menu] = [menu for menu in filled.window.findChildren(QMenu) if menu.isVisible()]
    assert menu.actions()[0].text() == "&Classify"
    # The offscreen platform takes the focus from the program when a menu closes, which closes
    # what the menu has opened; tests/window clicks on a real one.
    qtbot.keyClick(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: filled.window.findChild(QMenu, "Picture menu") is None)
    filled.menu._on_classify_triggered()
    qtbot.waitUntil(lambda: filled.window.findChild(AnswerPopup) is not None)
    popup = filled.window.findChild(AnswerPopup)

    qtbot.waitUntil(lambda: len(popup.answer()) == 3, timeout=10_000)
    assert popup.isVisible()
    popup.close()


def test_findings_are_reviewed_and_left_out(qtbot, filled, pets):
    button(filled.images_page.strip, "Review").click()
    dialog = filled.window.findChild(FindingsDialog)
    assert dialog.isVisible()
    rows = [finding.path.name for finding in dialog._findings if finding.path]
    assert "bad.jpg" in rows
    dialog.exclude_requested.emit([pets / "dogs" / "bad.jpg"])
    assert counts(filled)["dogs"] == 4
    dialog.show_requested.emit(pets / "cats" / "01.png")
    assert filled.images_page.grid.selected_paths() == [pets / "cats" / "01.png"]
    dialog.close()


def test_undo_and_redo_by_the_menu(filled):
    filled.images.edits.rename_class("cats", "lions")
    assert "rename" in filled.actions.undo.text().lower()
    filled.actions.undo.trigger()
    assert "cats" in counts(filled)
    filled.actions.redo.trigger()
    assert "lions" in counts(filled)


def test_changed_folder_is_noticed_and_looked_at_again(qtbot, filled, pets):
    qtbot.waitUntil(lambda: len(filled.images_wiring.watch.folders) == 3, timeout=10_000)
    shutil.copy(CAT, pets / "cats" / "new.jpg")
    qtbot.waitUntil(lambda: "cats" in filled.images_page.banner.text(), timeout=10_000)
    filled.images_page.banner.buttons()["Rescan folders"].click()
    qtbot.waitUntil(lambda: counts(filled)["cats"] == 5, timeout=10_000)


def test_project_is_open_again_after_a_restart(qtbot, filled, make_window, tmp_path):
    filled.project.save_as(tmp_path / "pets")
    with qtbot.waitSignal(filled.closing.closed, timeout=20_000):
        filled.quit()
    again = make_window()
    assert again.project.path == tmp_path / "pets.fieldguide"
    qtbot.waitUntil(lambda: counts(again) == {"cats": 4, "dogs": 5}, timeout=10_000)


def test_closing_without_a_training_closes_at_once(qtbot, make_window):
    window = make_window()
    assert window.window.close()
    assert not window.window.isVisible()


def test_folder_named_on_the_command_line_is_added(qtbot, make_window, pets):
    window = make_window(pets)
    qtbot.waitUntil(lambda: counts(window) == {"cats": 4, "dogs": 5}, timeout=10_000)


def test_a_folder_that_is_named_again_opens_its_project(qtbot, make_window, pets):
    first = make_window(pets)
    qtbot.waitUntil(lambda: counts(first) == {"cats": 4, "dogs": 5}, timeout=10_000)
    first.project.rename("Our pets")
    with qtbot.waitSignal(first.closing.closed, timeout=20_000):
        first.quit()
    again = make_window(pets)
    assert again.project.title == "Our pets"
    assert entries() == [again.project.entry]


def test_closing_while_training_asks_and_stops_cleanly(qtbot, make_window, pets):
    window = make_window(pets, target=fake_runs.until_stopped)
    qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=10_000)
    with qtbot.waitSignal(window.training.run_started, timeout=20_000):
        window.actions.train.trigger()
    window.window.close()
    box = window.window.findChild(QMessageBox, "Close while training")
    button(box, "Keep training").click()
    assert window.training.is_running
    assert window.window.isVisible()
    qtbot.waitUntil(lambda: window.window.findChild(QMessageBox, "Close while training") is None)
    window.window.close()
    box = window.window.findChild(QMessageBox, "Close while training")
    with qtbot.waitSignal(window.closing.closed, timeout=30_000):
        button(box, "Stop and close").click()
    assert not window.window.isVisible()
    assert read_project(window.project.path).last_run == fake_runs.RUN_DIR.absolute()


def test_no_other_project_is_opened_while_a_run_goes_on(qtbot, make_window, pets, tmp_path):
    window = make_window(pets, target=fake_runs.until_stopped)
    (tmp_path / "other.fieldguide").write_text('{"schema": 1}')
    qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=10_000)
    with qtbot.waitSignal(window.training.run_started, timeout=20_000):
        window.actions.train.trigger()
    assert not window.actions.open.isEnabled()
    pets_project = window.project.path
    Drag(window, tmp_path / "other.fieldguide").drop(MIDDLE)
    assert "Stop training" in window.images_page.banner.text()
    assert window.project.path == pets_project


def test_unhandled_exception_is_shown_and_the_window_goes_on(qtbot, make_window, caplog):
    window = make_window()
    try:
        raise ValueError("nobody thought of this")
    except ValueError:
        sys.excepthook(*sys.exc_info())
    dialog = window.window.findChild(ErrorDialog)
    qtbot.waitUntil(lambda: window.window.findChild(ErrorDialog) is not None)
    dialog = window.window.findChild(ErrorDialog)
    assert dialog.isVisible()
    assert "nobody thought of this" in dialog.details()
    assert "PySide6" in dialog.details()
    button(dialog, "Copy details").click()
    assert "nobody thought of this" in QApplication.clipboard().text()
    dialog.close()
    assert window.window.isVisible()
    assert "Unhandled exception" in caplog.text


def test_f1_opens_the_guide_which_closes_with_the_window(qtbot, make_window):
    window = make_window()
    assert window.actions.guide.shortcut().toString() == "F1"
    window.actions.guide.trigger()
    guide = window.guide.window()
    assert guide.isVisible()
    window.actions.glossary.trigger()
    assert guide.view.section().document == "glossary"
    with qtbot.waitSignal(window.closing.closed, timeout=30_000):
        window.window.close()
    assert not guide.isVisible()


def test_a_term_of_the_form_leads_to_its_entry(qtbot, make_window):
    window = make_window()
    window.window.show_page(window.train_page)
    row = window.train_page.form.rows["features"]
    qtbot.keyClick(row.editor, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    [popup] = row.findChildren(TermPopup)
    more = [each for each in popup.findChildren(QPushButton) if "glossary" in each.text()]
    more[0].click()
    assert window.guide.window().view.section().anchor == "feature"


def test_shortcuts_are_listed(qtbot, make_window):
    window = make_window()
    window.actions.shortcuts.trigger()
    dialog = window.window.findChild(ShortcutsDialog)
    assert dialog.isVisible()
    dialog.close()
    keys = [
        keys.toString() for action in window.actions.all_actions() for keys in action.shortcuts()
    ]
    assert len(keys) == len(set(keys)), "two actions share a shortcut"


@pytest.mark.parametrize("position", range(8))
def test_pages_are_chosen_by_keys_and_named_for_assistive_technology(qtbot, make_window, position):
    window = make_window()
    window.actions.pages[position].trigger()
    names = ["Projects", "Images", "Train", "Results", "Classify", "Export", "Runs", "Experiments"]
    pages = ("library_page", *(f"{name.lower()}_page" for name in names[1:]))
    assert window.window.page is getattr(window, pages[position])
    assert window.actions.pages[position].shortcut().toString() == f"Ctrl+{position}"
    buttons = window.window.rail.findChildren(QAbstractButton)
    assert [button.accessibleName() for button in buttons] == names


def test_a_page_button_that_is_toggled_without_a_click_shows_its_page(make_window):
    window = make_window()
    window.window.rail.findChild(QAbstractButton, "Page Results").toggle()
    assert window.window.page is window.results_page


def test_every_control_has_a_name(qtbot, filled):
    nameless = [
        b.objectName() or type(b).__name__
        for b in filled.window.findChildren(QAbstractButton)
        if not (b.accessibleName() or b.text())
        and not b.objectName().startswith("qt_")
        # Qt's own buttons: the cross of a search field, the corner of a table.
        and not isinstance(b.parent(), QLineEdit | QTableView)
    ]
    assert nameless == []


def test_16_bit_images_are_shown_with_the_bits_of_their_set(qtbot, make_window, tmp_path):
    for name, value in (("dark", 1000), ("bright", 4000)):
        (tmp_path / "set" / name).mkdir(parents=True)
        Image.fromarray(np.full((60, 60), value, np.uint16)).save(tmp_path / "set" / name / "0.png")
    dark = tmp_path / "set" / "dark" / "0.png"
    window = make_window(tmp_path / "set")
    qtbot.waitUntil(lambda: window.images_page.check_state.sample_bits == 12, timeout=20_000)
    qtbot.waitUntil(lambda: window.thumbnails.pixmap(dark) is not None)
    shown = window.thumbnails.pixmap(dark).toImage()
    assert abs(shown.pixelColor(9, 9).red() - 62) <= 2
    assert window.train_page.form._preview._sample_bits == 12
    with qtbot.waitSignal(window.project.opened):
        window.project.new()
    assert window.images_page.check_state.sample_bits is None
    assert window.train_page.form._preview._sample_bits is None


def test_after_adding_by_the_button_undo_takes_it_back(qtbot, make_window, pets):
    window = make_window()
    with qtbot.waitActive(window.window):
        window.window.activateWindow()
    button(window.images_page, "Choose folders…").setFocus()
    with qtbot.waitSignal(window.images.busy_changed, check_params_cb=lambda text: text == ""):
        window.dialogs.paths_chosen.emit([pets])
    assert QApplication.focusWidget() is window.images_page.grid
    assert counts(window) != {}
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert counts(window) == {}
    window.actions.redo.trigger()
    qtbot.waitUntil(lambda: counts(window) != {}, timeout=10_000)
    window.actions.search.trigger()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert counts(window) == {}
