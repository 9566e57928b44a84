from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton

from core.library.entry import Entry
from core.library.library import LibraryProject
from gui.image_views.thumbnails import ThumbnailLoader
from gui.library.library_model import LibraryRow
from gui.library.library_page import LibraryPage
from gui.widgets.plain_text import PlainLabel

NAMES = ("Open", "Rename", "Duplicate", "Export project", "Show folder", "Delete")


@pytest.fixture
def page(qtbot):
    loader = ThumbnailLoader()
    page = LibraryPage(loader)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    yield page
    loader.close()


def row(name: str, problem: str = "") -> LibraryRow:
    return LibraryRow(
        LibraryProject(Entry(Path("/data") / name), name, problem=problem), size_bytes=1_000_000
    )


def choose(page: LibraryPage, name: str) -> None:
    model = page.view.model()
    for position in range(model.rowCount()):
        if model.index(position, 0).data() == name:
            page.view.setCurrentIndex(model.index(position, 0))
            return
    raise AssertionError(f"no card {name!r}")


def enabled(page: LibraryPage) -> list[str]:
    return [name for name in NAMES if page.button(name).isEnabled()]


def texts(page: LibraryPage) -> list[str]:
    return [label.text() for label in page.findChildren(PlainLabel) if label.isVisible()]


def test_without_projects_the_gestures_and_what_will_be_here(page):
    shown = texts(page)
    assert "Your projects appear here, each with its trainings." in shown
    assert {"Drag folders of pictures here", "Right-click any picture"} <= set(shown)
    assert not page.findChild(QLineEdit).isVisible()


def test_all_projects_and_where_and_how_large_they_are(page):
    page.set_rows([row("zoo"), row("birds")], "/data")
    assert "2 projects, 2.0 MB in /data" in texts(page)
    assert page.view.model().rowCount() == 2
    assert enabled(page) == []


def test_a_chosen_project_can_be_worked_with_and_a_damaged_one_shown_or_deleted(page):
    page.set_rows([row("zoo"), row("birds", "damaged")], "/data")
    choose(page, "zoo")
    assert enabled(page) == list(NAMES)
    choose(page, "birds")
    assert enabled(page) == ["Show folder", "Delete"]


def test_the_chosen_project_stays_chosen_when_the_list_is_read_anew(page):
    page.set_rows([row("zoo"), row("birds"), row("ants")], "/data")
    choose(page, "birds")
    page.set_rows([row("new"), row("ants"), row("birds")], "/data")
    assert page.chosen().project.name == "birds"
    page.set_rows([row("new")], "/data")
    assert page.chosen() is None
    assert enabled(page) == []


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("Open", "project_chosen"),
        ("Rename", "rename_requested"),
        ("Duplicate", "duplicate_requested"),
        ("Export project", "export_requested"),
        ("Show folder", "reveal_requested"),
        ("Delete", "delete_requested"),
    ],
)
def test_each_button_asks_for_the_chosen_project(qtbot, page, name, signal):
    page.set_rows([row("zoo"), row("birds")], "/data")
    choose(page, "birds")
    with qtbot.waitSignal(getattr(page, signal)) as asked:
        page.button(name).click()
    assert asked.args[0].project.name == "birds"


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_F2, "rename_requested"),
        (Qt.Key.Key_Delete, "delete_requested"),
        (Qt.Key.Key_Return, "project_chosen"),
    ],
)
def test_keys_do_the_same(qtbot, page, key, signal):
    page.set_rows([row("zoo")], "/data")
    choose(page, "zoo")
    page.view.setFocus()
    with qtbot.waitSignal(getattr(page, signal)) as asked:
        qtbot.keyClick(page.view, key)
    assert asked.args[0].project.name == "zoo"


def test_keys_without_a_chosen_project_do_nothing(qtbot, page):
    page.set_rows([row("zoo")], "/data")
    page.view.setFocus()
    with qtbot.assertNotEmitted(page.delete_requested):
        qtbot.keyClick(page.view, Qt.Key.Key_Delete)


def test_the_menu_offers_what_the_buttons_do(qtbot, page):
    page.set_rows([row("zoo", "damaged")], "/data")
    choose(page, "zoo")
    point = page.view.visualRect(page.view.currentIndex()).center()
    page.view.customContextMenuRequested.emit(point)
    menu = page.findChild(QMenu)
    possible = {action.text(): action.isEnabled() for action in menu.actions()}
    assert possible["Open"] is False
    assert possible["Delete"] is True
    with qtbot.waitSignal(page.delete_requested):
        next(action for action in menu.actions() if action.text() == "Delete").trigger()
    menu.close()


def test_a_search_leaves_the_projects_whose_name_has_it(page):
    page.set_rows([row("zoo"), row("Birds"), row("blackbird [1]")], "/data")
    page.findChild(QLineEdit).setText("bird")
    assert page.view.model().rowCount() == 2
    page.findChild(QLineEdit).setText("[1]")
    assert page.view.model().rowCount() == 1


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("Choose folders…", "add_requested"),
        ("Try the sample pictures", "sample_requested"),
        ("New project", "new_requested"),
        ("Open file…", "open_requested"),
        ("Import…", "import_requested"),
    ],
)
def test_ways_to_begin(qtbot, page, text, signal):
    [button] = [each for each in page.findChildren(QPushButton) if each.text() == text]
    with qtbot.waitSignal(getattr(page, signal)):
        button.click()
