import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from core.data.dataset import Split
from core.runs.run_predictions import PREDICTIONS_FILE
from gui.image_views.thumbnails import ThumbnailLoader
from gui.look.theme import DARK, LIGHT
from gui.results import confusion_matrix_view as matrix_view
from gui.results.class_metrics_model import ClassMetricsColumn
from gui.results.results_page import ResultsPage
from tests.gui.look.test_theme import contrast
from tests.run_folders import make_run

LABELS = ("daisy", "rose", "tulip")
TEST = np.array([[9, 1, 0], [2, 7, 0], [0, 3, 8]])
VALIDATION = np.array([[4, 0, 0], [0, 4, 0], [0, 0, 4]])


@pytest.fixture
def run_dir(tmp_path):
    return make_run(tmp_path, LABELS, {Split.TEST: TEST, Split.VALIDATION: VALIDATION})


@pytest.fixture
def page(qtbot):
    loader = ThumbnailLoader()
    page = ResultsPage(loader)
    qtbot.addWidget(page)
    page.resize(1000, 640)
    page.show()
    yield page
    loader.close()


@pytest.fixture
def shown(qtbot, page, run_dir):
    page.show_run(run_dir)
    qtbot.waitUntil(lambda: page.results is not None)
    return page


def captions(page):
    model = page.gallery.model
    return [model.index(row).data() for row in range(model.rowCount())]


def button(page, text):
    [found] = [b for b in page.findChildren(QAbstractButton) if b.text() == text]
    return found


def test_without_a_run_the_page_says_what_to_do(qtbot, page):
    page.show_run(None)
    with qtbot.waitSignal(page.train_requested):
        button(page, "Go to Train").click()
    assert not button(page, "Copy table").isVisible()
    assert not button(page, "Report…").isVisible()


def test_a_report_on_the_run_can_be_asked_for(qtbot, shown, run_dir):
    with qtbot.waitSignal(shown.report_requested) as asked:
        button(shown, "Report…").click()
    assert asked.args == [run_dir]


def test_headline_is_of_the_test_and_says_how_sure_it_is(shown):
    text = shown.headline()
    assert text.startswith("80.0%")
    assert "With 30 pictures" in text
    assert "None of them was used in training" in text
    assert "rough estimate" in text


def test_validation_is_shown_with_a_warning(shown):
    shown.choose_split(Split.VALIDATION)
    assert shown.headline().startswith("100.0%")
    assert "slightly optimistic" in shown.headline()
    assert shown.gallery.heading() == "No mistakes"


@pytest.fixture
def uneven(qtbot, page, tmp_path):
    """Of 48 daisies all are found, of two roses none; validation has no rose."""
    matrices = {
        Split.TEST: np.array([[48, 0], [2, 0]]),
        Split.VALIDATION: np.array([[40, 1], [0, 0]]),
    }
    run_dir = make_run(tmp_path, ("daisy", "rose"), matrices, training_counts=(410, 4))
    page.show_run(run_dir)
    qtbot.waitUntil(lambda: page.results is not None)
    return page


def test_what_accuracy_would_hide_stands_below_it(uneven):
    assert uneven.headline().startswith("96.0%")
    assert uneven.head.figures() == (
        "Balanced accuracy 50.0% Majority baseline 96.0% (always “daisy”)"
    )
    assert uneven.head.notes() == (
        "Always answering “daisy” would reach 96.0%, so accuracy says little here. "
        "Recall differs between classes: with each counted the same, accuracy is 50.0%. "
        "“rose” has only 2 test pictures, so its recall is a rough estimate. Add more pictures of "
        "it."
    )
    strip = uneven.findChild(QLabel, "Notes on the figures")
    assert strip.isVisible()
    assert strip.width() > 400


def test_the_figures_below_follow_the_split(uneven):
    uneven.choose_split(Split.VALIDATION)
    assert uneven.head.figures() == (
        "Balanced accuracy 97.6% Majority baseline 100.0% (always “daisy”)"
    )
    assert "“rose” has no pictures here" in uneven.head.notes()


def test_figures_that_confirm_each_other_have_no_strip(qtbot, page, tmp_path):
    matrix = np.array([[48, 1], [2, 50]])
    page.show_run(make_run(tmp_path, ("daisy", "rose"), {Split.TEST: matrix}))
    qtbot.waitUntil(lambda: page.results is not None)
    assert page.head.figures() == "Balanced accuracy 97.1%"
    assert page.head.notes() == ""
    assert not page.findChild(QLabel, "Notes on the figures").isVisible()


def test_a_class_with_few_images_is_marked_in_words_and_copied_as_a_number(uneven):
    rows = {uneven.metrics_model.index(row, 0).data(): row for row in range(2)}
    cell = uneven.metrics_model.index(rows["rose"], ClassMetricsColumn.IMAGES)
    assert cell.data() == "2 (few)"
    tooltip = cell.siblingAtColumn(ClassMetricsColumn.RECALL).data(Qt.ItemDataRole.ToolTipRole)
    assert "Fewer than 5 pictures" in tooltip
    other = uneven.metrics_model.index(rows["daisy"], ClassMetricsColumn.IMAGES)
    assert (other.data(), other.data(Qt.ItemDataRole.ToolTipRole)) == ("48", None)
    button(uneven, "Copy table").click()
    assert "rose\t2\t–\t0.0%\t–" in QApplication.clipboard().text().splitlines()
    uneven.choose_split(Split.VALIDATION)
    assert "leaves the class out" in uneven.metrics_model.index(rows["rose"], 1).data(3)


def test_mistakes_come_with_the_most_confident_first(shown):
    assert shown.gallery.heading() == "6 mistakes, most confident first"
    probabilities = [int(caption.split(", ")[-1].removesuffix("%")) for caption in captions(shown)]
    assert probabilities == sorted(probabilities, reverse=True)
    assert all("predicted" in caption for caption in captions(shown))


def test_a_cell_opens_its_images_and_leads_back(shown):
    shown.matrix.setCurrentIndex(shown.matrix_model.index(2, 1))
    assert shown.gallery.heading() == "3 pictures of “tulip” classified as “rose”"
    assert len(captions(shown)) == 3
    button(shown, "All mistakes").click()
    assert len(captions(shown)) == 6
    shown.matrix.setCurrentIndex(shown.matrix_model.index(2, 1))
    assert len(captions(shown)) == 3


def test_a_class_shows_its_images_mistakes_first(shown):
    table = shown._table
    table.sortByColumn(ClassMetricsColumn.RECALL, table.horizontalHeader().sortIndicatorOrder())
    row = next(r for r in range(3) if table.model().index(r, 0).data() == "rose")
    table.setCurrentIndex(table.model().index(row, 0))
    assert shown.gallery.heading() == "9 pictures of “rose”, mistakes first"
    assert "predicted daisy" in captions(shown)[0]
    button(shown, "All mistakes").click()
    table.setCurrentIndex(table.model().index(row, 0))
    assert "of “rose”" in shown.gallery.heading()


def test_figures_are_right_and_can_be_copied(shown):
    button(shown, "Copy table").click()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Class", "Pictures", "Precision", "Recall", "F1"]
    assert lines[2].split("\t") == ["rose", "9", "63.6%", "77.8%", "70.0%"]


def test_fractions_instead_of_counts(shown):
    button(shown, "Percentages").click()
    assert shown.matrix_model.index(2, 1).data() == "27%"
    assert "3 pictures of class “tulip” predicted as “rose”" in shown.matrix_model.index(2, 1).data(
        3
    )


def test_another_project_without_a_run_shows_nothing_of_the_last(shown):
    shown.show_run(None)
    assert shown.results is None
    assert not button(shown, "Open run folder").isVisible()
    assert not shown.matrix.isVisible()


@pytest.mark.parametrize("content", ["", "rubbish", '{"schema": 1, "labels": ["a"]}\n'])
def test_damaged_results_are_told_with_their_file(qtbot, page, run_dir, content):
    (run_dir / PREDICTIONS_FILE).write_text(content)
    page.show_run(run_dir)
    qtbot.waitUntil(lambda: page.banner.text() != "")
    assert str(run_dir) in page.banner.text()


def test_models_keep_their_promises(qtmodeltester, shown):
    qtmodeltester.check(shown.matrix_model)
    qtmodeltester.check(shown.metrics_model)
    qtmodeltester.check(shown.gallery.model)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("color", ["accent", "danger"])
def test_numbers_are_readable_on_the_strongest_shade(theme, color):
    strongest = matrix_view._STRONGEST_DARK if theme is DARK else matrix_view._STRONGEST_LIGHT
    over, under = QColor(getattr(theme, color)), QColor(theme.surface_alt)
    parts = [
        round(strongest * o + (1 - strongest) * u)
        for o, u in zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)
    ]
    assert contrast(theme.text, QColor(*parts).name()) >= 4.5
