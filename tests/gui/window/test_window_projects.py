"""Projects and runs in the whole window: nothing of one project shows in another."""

import pytest
from PySide6.QtWidgets import QPushButton

from core.library.library import entries
from core.models.named_image import NamedImage
from core.settings.config import TrainConfig
from gui.classifier.classifying import ClassifiedBatch
from gui.runs.comparison_dialog import ComparisonDialog
from tests.library_projects import add_run, make_pictures, make_project

pytestmark = pytest.mark.usefixtures("trash")


@pytest.fixture
def pictures(tmp_path):
    return make_pictures(tmp_path / "zoo")


@pytest.fixture
def projects(pictures):
    """Two projects of the same pictures."""
    return [make_project(pictures, name) for name in ("zoo", "birds")]


def open_project(qtbot, window, entry) -> None:
    with qtbot.waitSignal(window.project.opened):
        window.project.open(entry.project_file)


def classify(window, *paths) -> None:
    """Have answers as if the images had been classified."""
    images = tuple(NamedImage(path, (("cat", 0.75), ("dog", 0.25))) for path in paths)
    page = window.classify_page
    page._on_arrived(ClassifiedBatch(images, len(images), ("cat", "dog"), 0.4))
    page._on_finished()


def classified(window) -> list[str]:
    return [image.path.name for image in window.classify_page.model.rows]


def test_without_projects_the_window_begins_with_images_and_else_with_projects(
    qtbot, make_window, pictures
):
    window = make_window()
    assert window.window.page is window.images_page
    assert window.project.title == "New project"
    make_project(pictures, "zoo")
    other = make_window()
    qtbot.waitUntil(lambda: other.window.page is other.library_page)
    qtbot.waitUntil(lambda: [row.project.name for row in other.library_page.model.rows] == ["zoo"])


def test_the_project_of_the_last_time_is_open_again(qtbot, make_window, projects):
    window = make_window(projects[0].project_file)
    window.project.save_now()
    again = make_window()
    assert again.project.entry == projects[0]
    assert again.window.page is again.images_page


def test_classified_images_belong_to_their_project(qtbot, make_window, projects, pictures):
    window = make_window(projects[0].project_file)
    classify(window, pictures / "cat/0.png", pictures / "dog/1.png")
    open_project(qtbot, window, projects[1])
    assert classified(window) == []
    classify(window, pictures / "cat/1.png")
    open_project(qtbot, window, projects[0])
    qtbot.waitUntil(lambda: classified(window) == ["0.png", "1.png"])
    assert window.classify_page.table.unknown_below == 0.4
    assert window.classify_page.batches.labels == ("cat", "dog")
    window.project.new()
    assert classified(window) == []
    open_project(qtbot, window, projects[1])
    qtbot.waitUntil(lambda: classified(window) == ["1.png"])


def test_they_are_there_when_the_window_is_opened_again(qtbot, make_window, projects, pictures):
    window = make_window(projects[0].project_file)
    classify(window, pictures / "cat/0.png")
    with qtbot.waitSignal(window.closing.closed, timeout=30_000):
        window.closing.close_without_asking()
    again = make_window()
    qtbot.waitUntil(lambda: classified(again) == ["0.png"])
    again.classify_page.clear()
    open_project(qtbot, again, projects[1])
    open_project(qtbot, again, projects[0])
    qtbot.waitUntil(lambda: again.classified._reading is None)
    assert classified(again) == []
    assert not projects[0].classified_file.exists()


def test_what_was_classified_in_a_draft_goes_with_it_into_the_library(
    qtbot, make_window, projects, pictures
):
    window = make_window()
    window.project.new()
    classify(window, pictures / "cat/0.png")
    assert window.project.keep("Meadow")
    entry = window.project.entry
    open_project(qtbot, window, projects[0])
    open_project(qtbot, window, entry)
    qtbot.waitUntil(lambda: classified(window) == ["0.png"])


def test_a_threshold_of_the_users_stays_with_its_project(qtbot, make_window, projects, pictures):
    window = make_window(projects[0].project_file)
    window.classify_page.table.threshold._spin.setValue(70)
    open_project(qtbot, window, projects[1])
    assert window.classify_page.table.unknown_below == 0


def test_a_deleted_project_does_not_come_back_by_what_was_classified(
    qtbot, make_window, projects, pictures
):
    window = make_window(projects[0].project_file)
    window.library.controller.refresh()
    qtbot.waitUntil(lambda: len(window.library_page.model.rows) == 2)
    classify(window, pictures / "cat/0.png")
    row = next(row for row in window.library_page.model.rows if row.project.name == "zoo")
    window.library.controller.delete(row)
    window.classified._pool.waitForDone()
    assert entries() == [projects[1]]
    assert not projects[0].folder.exists()
    assert window.window.page is window.library_page
    assert window.results_page.results is None


def test_new_projects_are_begun_from_the_page(qtbot, make_window, projects):
    window = make_window(projects[0].project_file)
    window.window.show_page(window.library_page)
    window.library_page.new_requested.emit()
    assert window.window.page is window.images_page
    assert window.project.entry is None
    window.window.show_page(window.library_page)
    window.library_page.sample_requested.emit()
    qtbot.waitUntil(lambda: window.project.entry is not None, timeout=20_000)
    assert window.project.project.sources


def test_runs_of_the_project_are_compared_shown_and_restored(qtbot, make_window, projects):
    first = add_run(projects[0], "first", TrainConfig(epochs=7))
    add_run(projects[0], "second", TrainConfig(batch_size=8))
    window = make_window(projects[0].project_file)
    page = window.runs_page
    window.window.show_page(page)
    qtbot.waitUntil(lambda: len(page.model.rows) == 2, timeout=20_000)
    rows = {row.summary.name: row for row in page.model.rows}
    page.action_requested.emit("compare", list(rows.values()))
    qtbot.waitUntil(lambda: window.window.findChild(ComparisonDialog) is not None, timeout=20_000)
    window.window.findChild(ComparisonDialog).close()
    page.action_requested.emit("results", [rows["first"]])
    assert window.window.page is window.results_page
    qtbot.waitUntil(lambda: window.results_page.results is not None, timeout=20_000)
    page.action_requested.emit("settings", [rows["first"]])
    assert window.window.page is window.train_page
    assert window.train_page.form.config().epochs == 7
    assert window.project.project.config.epochs == 7
    page.action_requested.emit("export", [rows["first"]])
    assert window.window.page is window.export_page
    page.action_requested.emit("star", [rows["first"]])
    assert window.classifier._wanted.folder == first / "model"


def test_the_page_of_runs_leads_to_the_first_training(qtbot, make_window, projects):
    window = make_window(projects[0].project_file)
    window.window.show_page(window.runs_page)
    buttons = window.runs_page.findChildren(QPushButton)
    next(button for button in buttons if button.text() == "Go to Train").click()
    assert window.window.page is window.train_page
