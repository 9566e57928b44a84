from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QComboBox, QTableWidget

from core.settings.config import TrainConfig
from gui.image_views.thumbnails import ThumbnailLoader
from gui.runs.comparison import load_comparison
from gui.runs.comparison_dialog import ComparisonDialog
from gui.widgets.plain_text import PlainLabel
from tests.compared_runs import make_compared_run
from tests.library_projects import add_run, make_pictures, make_project


@pytest.fixture
def thumbnails(qtbot):
    loader = ThumbnailLoader()
    yield loader
    loader.close()


@pytest.fixture
def entry(tmp_path):
    return make_project(make_pictures(tmp_path / "zoo"), "zoo")


@pytest.fixture
def show(qtbot, thumbnails):
    def show(compared) -> ComparisonDialog:
        dialog = ComparisonDialog(compared, thumbnails)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def cells(table: QTableWidget) -> dict[str, list[str]]:
    return {
        table.verticalHeaderItem(row).text(): [
            table.item(row, column).text() for column in range(table.columnCount())
        ]
        for row in range(table.rowCount())
    }


def test_figures_curves_classes_and_different_answers(entry, show):
    first = add_run(entry, "first")
    second = add_run(entry, "second", TrainConfig(batch_size=8))
    compared = load_comparison({first: "first", second: "with 8\na batch"})
    dialog = show(compared)
    assert [dialog.tabs.tabText(index) for index in range(dialog.tabs.count())] == [
        "Figures",
        "Curves",
        "Classes",
        "Different answers",
    ]
    assert dialog.sentence() == compared.sentence
    assert dialog.findChild(PlainLabel, "Comparison sentence").text() == compared.sentence
    figures, classes = (dialog.tabs.widget(index) for index in (0, 2))
    assert cells(figures)["Batch size"] == ["32", "8"]
    assert cells(classes)["daisy"] == ["90.0%", "90.0%"]
    heads = [figures.horizontalHeaderItem(column).text() for column in range(2)]
    assert heads == ["first", "with 8 a batch"]


def test_runs_without_a_picture_in_common_do_not_seem_to_agree(entry, show):
    first, second = add_run(entry, "first"), add_run(entry, "second")
    compared = load_comparison({first: "first", second: "second"})
    (pair,) = compared.selection.pairs
    nothing = replace(pair, num_images=0, disagreements=())
    dialog = show(replace(compared, selection=replace(compared.selection, pairs=(nothing,))))
    assert dialog.findChild(PlainLabel, "About the answers").text() == ""


@pytest.fixture
def disagreeing(tmp_path):
    """Three runs; the first two disagree on three images, one of which both get wrong."""
    folder = tmp_path / "images"
    folder.mkdir()
    for name in "abcd":
        Image.new("RGB", (8, 8), (ord(name), 0, 0)).save(folder / name, "PNG")
    answers = {"a": ("cat", "cat"), "b": ("cat", "dog"), "c": ("owl", "cat"), "d": ("dog", "dog")}
    other = {"a": ("cat", "owl"), "b": ("cat", "cat"), "c": ("owl", "dog"), "d": ("dog", "dog")}
    return [
        make_compared_run(tmp_path / name, given, folder=str(folder))
        for name, given in (("one", answers), ("two", other), ("three", answers))
    ]


def rows_of(dialog: ComparisonDialog) -> list:
    return list(dialog._items._items)


def test_images_on_which_two_runs_disagree_are_shown_with_both_answers(
    disagreeing, show, monkeypatch
):
    with_model(monkeypatch)
    one, two, _ = disagreeing
    dialog = show(load_comparison({one: "one", two: "two"}))
    items = {item.path.name: item for item in rows_of(dialog)}
    assert {name: (item.caption, item.badge) for name, item in items.items()} == {
        "a": ("cat: cat · owl", "right: one"),
        "b": ("cat: dog · cat", "right: two"),
        "c": ("owl: cat · dog", "both wrong"),
    }
    assert items["c"].severity == "danger"
    assert all(Path(item.path).is_file() for item in items.values())
    assert not dialog.findChild(QComboBox).isVisible()


def test_of_three_runs_a_pair_is_chosen(disagreeing, show, monkeypatch):
    with_model(monkeypatch)
    one, two, three = disagreeing
    dialog = show(load_comparison({one: "one", two: "two", three: "three"}))
    pairs = dialog.findChild(QComboBox)
    assert [pairs.itemText(index) for index in range(pairs.count())] == [
        "one and two",
        "one and three",
        "two and three",
    ]
    assert len(rows_of(dialog)) == 3
    pairs.setCurrentIndex(1)
    assert rows_of(dialog) == []
    pairs.setCurrentIndex(2)
    assert {item.badge for item in rows_of(dialog)} == {"right: two", "right: three", "both wrong"}


def with_model(monkeypatch) -> None:
    """Runs of `make_compared_run` have answers and no model, which a table of figures asks for."""
    from core.runs.run_summary import RunState, RunSummary

    def summary(run_dir: Path) -> RunSummary:
        return RunSummary(
            path=run_dir, name=run_dir.name, config=TrainConfig(), state=RunState.FINISHED
        )

    monkeypatch.setattr("gui.runs.comparison.summarize_run", summary)


def test_unknown_figures_are_dashes(entry, show):
    runs = {add_run(entry, name): name for name in ("first", "second")}
    compared = load_comparison(runs)
    first = replace(
        compared.summaries[0], test_accuracy=None, test_interval=None, balanced_accuracy=None
    )
    dialog = show(replace(compared, summaries=(first, compared.summaries[1])))
    assert cells(dialog.tabs.widget(0))["Test accuracy"][0] == "–"
    assert cells(dialog.tabs.widget(0))["Balanced accuracy"][0] == "–"
