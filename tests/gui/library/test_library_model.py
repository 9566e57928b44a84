from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from core.data.dataset import ImageSource
from core.library.entry import Entry
from core.library.library import LibraryProject
from gui.library.library_model import CardRole, LibraryModel, LibraryRow


def row(**changes) -> LibraryRow:
    values = {"name": "zoo", "sources": (ImageSource(Path("/pictures/zoo")),), "num_runs": 3}
    row_values = {"size_bytes": 2_000_000, "is_open": changes.pop("is_open", False)}
    return LibraryRow(LibraryProject(Entry(Path("/data/zoo")), **values | changes), **row_values)


def test_a_line_tells_when_it_was_used_and_how_many_trainings_it_has():
    assert row().about == "3 trainings"
    assert row(is_open=True).about == "Open · 3 trainings"
    assert row(num_runs=1, modified=datetime.now().astimezone()).about.startswith("today, ")
    assert row(num_runs=1, modified=datetime.now().astimezone()).about.endswith(" · 1 training")


def test_a_project_that_can_not_be_read_says_so():
    broken = row(problem="project.fieldguide is damaged")
    assert broken.about == "Can't be opened"
    assert "project.fieldguide is damaged" in broken.details


def test_details_tell_where_it_is_and_how_large():
    assert row().details == "zoo\n/pictures/zoo\nTrainings and settings: 2.0 MB, /data/zoo"
    many = tuple(ImageSource(Path(f"/p/{number}")) for number in range(9))
    assert len(row(sources=many).details.splitlines()) == 7


@pytest.fixture
def model(qtbot):
    model = LibraryModel()
    tester = QAbstractItemModelTester(model)
    yield model
    tester.deleteLater()


def test_a_row_a_project_in_the_order_given(model):
    model.set_rows([row(), row(name="birds")])
    assert model.rowCount() == 2
    first, second = model.index(0), model.index(1)
    assert (first.data(), second.data()) == ("zoo", "birds")
    assert first.data(CardRole.ROW) == model.rows[0]
    assert first.data(Qt.ItemDataRole.AccessibleTextRole) == "zoo, 3 trainings"
    assert first.data(Qt.ItemDataRole.ToolTipRole) == model.rows[0].details
    assert model.index(7).data() is None
    model.set_rows([])
    assert model.rowCount() == 0
