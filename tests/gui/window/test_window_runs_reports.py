"""Reports and models of chosen runs, in the whole window."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton

from core.data.dataset import ImageSource
from core.library.entry import Entry
from core.library.library import create_entry
from core.models.model_info import LITERT_FILE
from core.project.project import Project
from core.runs.run_label import RunLabel, write_run_label
from gui.runs.comparison_dialog import ComparisonDialog
from tests.models import write_model
from tests.reported_runs import finished_run


@pytest.fixture
def entry(pets: Path, tmp_path: Path) -> Entry:
    """A project with two runs that have models, and one that was interrupted."""
    entry = create_entry(Project(name="Pets", sources=(ImageSource(pets),)))
    entry.runs_dir.mkdir()
    weights = write_model(tmp_path / "weights") / LITERT_FILE
    for name in ("First one", "Second one", "Third one"):
        run = finished_run(tmp_path / "made" / name)
        shutil.copy(weights, run / "model" / LITERT_FILE)
        shutil.move(run, entry.runs_dir / name.split()[0])
        write_run_label(entry.runs_dir / name.split()[0], RunLabel(name))
    shutil.rmtree(entry.runs_dir / "Third" / "model")
    return entry


@pytest.fixture
def window(qtbot, make_window, entry: Entry):
    window = make_window(entry.project_file)
    qtbot.waitUntil(lambda: len(window.runs.controller.summaries) == 3, timeout=30_000)
    window.window.show_page(window.runs_page)
    return window


def choose(window, *names: str) -> None:
    table = window.runs_page.table
    table.clearSelection()
    table.setSelectionMode(table.SelectionMode.MultiSelection)
    for row in range(table.model().rowCount()):
        if table.model().index(row, 0).data() in names:
            table.selectRow(row)
    assert {row.summary.name for row in window.runs_page.chosen()} == set(names)


def save_as(owner, path: Path) -> None:
    [dialog] = owner.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


@pytest.mark.parametrize(
    ("names", "title"),
    [(["First one"], b"<h1>First one"), (["First one", "Second one"], b"<h1>Comparison of 2 runs")],
    ids=["one", "two"],
)
def test_a_report_on_chosen_runs_is_saved(qtbot, window, tmp_path, names, title) -> None:
    choose(window, *names)
    window.runs_page.button("report").click()
    save_as(window.window, tmp_path / "report.html")
    banner = window.runs_page.banner
    qtbot.waitUntil(lambda: "The report was saved as" in banner.text(), timeout=30_000)
    assert title in (tmp_path / "report.html").read_bytes()
    assert window.results_page.banner.isHidden()


def test_a_report_that_cannot_be_saved_is_said_there(qtbot, window, tmp_path: Path) -> None:
    choose(window, "First one")
    window.runs_page.button("report").click()
    (tmp_path / "file").write_text("no folder")
    save_as(window.window, tmp_path / "file" / "report.html")
    banner = window.runs_page.banner
    qtbot.waitUntil(lambda: str(tmp_path / "file") in banner.text(), timeout=30_000)


def test_a_run_without_a_model_has_neither_report_nor_answers(window) -> None:
    for names, is_possible in ((["First one"], True), (["Third one"], False)):
        choose(window, *names)
        assert window.runs_page.button("report").isEnabled() is is_possible
        assert window.runs_page.button("classify").isEnabled() is is_possible
    choose(window, "First one", "Second one")
    assert window.runs_page.button("report").isEnabled()
    assert not window.runs_page.button("classify").isEnabled()


def test_a_comparison_saves_a_report(qtbot, window, tmp_path: Path) -> None:
    choose(window, "First one", "Second one")
    window.runs_page.button("compare").click()
    found = window.window.findChildren
    qtbot.waitUntil(lambda: found(ComparisonDialog) != [], timeout=30_000)
    [dialog] = found(ComparisonDialog)
    dialog.findChild(QPushButton, "Report…").click()
    save_as(dialog, tmp_path / "comparison.pdf")
    qtbot.waitUntil(lambda: "The report was saved as" in dialog.banner.text(), timeout=30_000)
    assert (tmp_path / "comparison.pdf").read_bytes().startswith(b"%PDF-")
    assert window.runs_page.banner.isHidden()
    dialog.close()


def test_a_runs_model_classifies(qtbot, window, entry: Entry) -> None:
    choose(window, "First one")
    window.runs_page.button("classify").click()
    model = entry.runs_dir / "First" / "model"
    qtbot.waitUntil(lambda: window.classifier.folder == model, timeout=30_000)
    assert window.window.page is window.classify_page
    assert window.classify_page.model_bar.text().startswith("First one: ")


def test_classify_and_export_choose_models_by_name(qtbot, window, entry: Entry) -> None:
    model = entry.runs_dir / "Second" / "model"
    for bar in (window.classify_page.model_bar, window.export_page.model_bar):
        names = {bar.runs.itemText(index) for index in range(bar.runs.count())}
        assert names == {"First one · 82.1%", "Second one · 82.1%"}
        position = next(i for i in range(2) if bar.runs.itemText(i).startswith("Second"))
        bar.runs.activated.emit(position)
        qtbot.waitUntil(lambda bar=bar: bar.runs.name_in_use() == "Second one", timeout=30_000)
        assert bar.text().startswith("Second one: ")
    assert window.classifier.folder == model
    assert window.exports.controller.model.folder == model


def test_a_renamed_or_starred_run_is_so_in_the_lists(qtbot, window) -> None:
    box = window.classify_page.model_bar.runs
    choose(window, "First one")
    window.runs_page.button("star").click()
    stars = {box.itemText(i): not box.itemIcon(i).isNull() for i in range(box.count())}
    assert stars == {"First one · 82.1%": True, "Second one · 82.1%": False}
    summary = window.runs_page.chosen()[0].summary
    write_run_label(summary.path, RunLabel("Renamed"))
    window.runs.controller.refresh()
    qtbot.waitUntil(lambda: box.findText("Renamed · 82.1%") >= 0, timeout=30_000)


def test_another_project_offers_none_of_these(qtbot, window) -> None:
    box = window.export_page.model_bar.runs
    assert box.count() == 2
    window.project.new()
    qtbot.waitUntil(lambda: box.count() == 0)
    assert box.isHidden()
