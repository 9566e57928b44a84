from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton

from core.runs.run_summary import RunState
from gui.runs.runs_model import RunColumn, make_rows
from gui.runs.runs_page import RunsPage
from gui.widgets.plain_text import PlainLabel
from tests.gui.runs.test_runs_model import run

ALL = (
    "results",
    "compare",
    "star",
    "resume",
    "settings",
    "export",
    "rename",
    "note",
    "reveal",
    "delete",
)


@pytest.fixture
def page(qtbot):
    page = RunsPage()
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    return page


def unfinished(letter: str):
    return run(letter, state=RunState.INTERRUPTED, model_bytes=0, can_resume=True)


def choose(page: RunsPage, *names: str) -> None:
    model, selection = page.table.model(), page.table.selectionModel()
    selection.clearSelection()
    flags = QItemSelectionModel.SelectionFlag
    for position in range(model.rowCount()):
        if model.index(position, RunColumn.NAME).data() in names:
            selection.select(model.index(position, 0), flags.Select | flags.Rows)


def enabled(page: RunsPage) -> set[str]:
    return {name for name in ALL if page.button(name).isEnabled()}


def labels(page: RunsPage) -> list[str]:
    return [label.text() for label in page.findChildren(PlainLabel) if label.isVisible()]


def test_without_runs_it_says_what_will_be_here(qtbot, page):
    assert "No trainings yet" in labels(page)
    [button] = [each for each in page.findChildren(QPushButton) if each.text() == "Go to Train"]
    with qtbot.waitSignal(page.train_requested):
        button.click()


def test_how_many_and_how_large(page):
    page.set_rows(make_rows([run("a"), run("b")], None))
    assert "2 trainings, models 24.0 MB" in labels(page)
    assert "Choose two or more to compare them." in labels(page)
    assert enabled(page) == set()


def test_what_makes_sense_for_what_is_chosen(page):
    page.set_rows(make_rows([run("a"), run("b"), unfinished("c")], None))
    choose(page, "a")
    assert enabled(page) == set(ALL) - {"compare", "resume"}
    choose(page, "c")
    assert enabled(page) == set(ALL) - {"compare", "results", "star", "export"}
    choose(page, "a", "b")
    assert enabled(page) == {"compare", "delete"}
    choose(page, "a", "c")
    assert enabled(page) == {"delete"}


@pytest.mark.parametrize("name", sorted(set(ALL) - {"compare", "resume"}))
def test_each_button_asks_with_the_chosen_run(qtbot, page, name):
    page.set_rows(make_rows([run("a"), run("b")], None))
    choose(page, "b")
    with qtbot.waitSignal(page.action_requested) as asked:
        page.button(name).click()
    assert asked.args[0] == name
    assert [row.summary.name for row in asked.args[1]] == ["b"]


def test_runs_are_compared_in_the_order_of_the_table(qtbot, page):
    page.set_rows(make_rows([run("a"), run("b"), run("c")], None))
    page.table.sortByColumn(RunColumn.NAME, Qt.SortOrder.DescendingOrder)
    choose(page, "a", "c")
    with qtbot.waitSignal(page.action_requested) as asked:
        page.button("compare").click()
    assert [row.summary.name for row in asked.args[1]] == ["c", "a"]


@pytest.mark.parametrize(
    ("key", "name"),
    [(Qt.Key.Key_F2, "rename"), (Qt.Key.Key_Delete, "delete"), (Qt.Key.Key_Return, "results")],
)
def test_keys(qtbot, page, key, name):
    page.set_rows(make_rows([run("a")], None))
    page.table.setFocus()
    page.table.selectRow(0)
    with qtbot.waitSignal(page.action_requested) as asked:
        qtbot.keyClick(page.table, key)
    assert asked.args[0] == name


def test_a_run_without_a_model_has_no_results_to_open(qtbot, page):
    page.set_rows(make_rows([unfinished("a")], None))
    page.table.selectRow(0)
    with qtbot.assertNotEmitted(page.action_requested):
        page.table.activated.emit(page.table.currentIndex())


def test_the_chosen_runs_stay_chosen_when_they_are_read_anew(page):
    page.set_rows(make_rows([run("a"), run("b"), run("c")], None))
    choose(page, "a", "c")
    page.set_rows(make_rows([run("a"), run("b"), run("c"), run("d")], None))
    assert {row.summary.name for row in page.chosen()} == {"a", "c"}
    page.set_rows(make_rows([run("b")], None))
    assert page.chosen() == []
    assert enabled(page) == set()


def test_a_search_finds_any_text_of_a_run_and_its_note(page):
    noted = replace(run("a"), note="with the new camera")
    page.set_rows(make_rows([noted, run("b"), unfinished("c")], None))
    search = page.findChild(QLineEdit)

    def found(text: str) -> set[str]:
        search.setText(text)
        model = page.table.model()
        return {model.index(row, 0).data() for row in range(model.rowCount())}

    assert found("CAMERA ") == {"a"}
    assert found("interrupted") == {"c"}
    assert found("nothing of the kind") == set()
    assert found("") == {"a", "b", "c"}


def test_the_note_of_the_chosen_run_is_shown(page):
    page.set_rows(make_rows([replace(run("a"), note="with the\nnew camera")], None))
    choose(page, "a")
    assert "with the new camera" in labels(page)


def test_the_star_is_taken_off_with_the_same_button(page):
    page.set_rows(make_rows([run("a"), run("b")], run("a").path))
    choose(page, "a")
    assert page.button("star").text() == "Use the latest model"
    choose(page, "b")
    assert page.button("star").text() == "Use as the project's model"


def test_the_menu_offers_what_the_buttons_do(qtbot, page):
    page.set_rows(make_rows([unfinished("a")], None))
    page.table.selectRow(0)
    point = page.table.visualRect(page.table.model().index(0, 0)).center()
    page.table.customContextMenuRequested.emit(point)
    menu = page.findChild(QMenu)
    possible = {action.text(): action.isEnabled() for action in menu.actions()}
    assert possible["Resume"] is True
    assert possible["Results"] is False
    menu.close()


def test_two_hundred_runs_are_sorted_by_any_column(page):
    rows = [
        run("a", path=run("a").path / str(number), name=f"{number:03}", seconds=float(number))
        for number in range(200)
    ]
    page.set_rows(make_rows(rows, None))
    page.table.sortByColumn(RunColumn.SECONDS, Qt.SortOrder.DescendingOrder)
    model = page.table.model()
    assert [model.index(row, 0).data() for row in (0, 199)] == ["199", "000"]
