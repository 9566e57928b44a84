"""Names that look like HTML are shown as they are, wherever the window shows names."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, Qt
from PySide6.QtWidgets import QLabel, QMessageBox

from core.data.dataset import Finding, FindingKind
from core.evaluation.metrics import evaluate_predictions
from core.models.named_image import NamedImage
from gui.classify.classified_model import ClassifiedModel
from gui.image_views.image_items_model import ImageItem, ImageItemsModel
from gui.images.class_list_model import ClassListModel, ClassRow
from gui.images.findings_model import FindingsModel
from gui.results.class_metrics_model import ClassMetricsModel
from gui.results.class_metrics_table import ClassMetricsTable
from gui.results.confusion_matrix_model import ConfusionMatrixModel
from gui.widgets.banner import Banner, Severity
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel, plain_tooltip, show_plainly

EVIL = '<img src="http://example.org/x.png"><b>cat</b>'
TOOLTIP = Qt.ItemDataRole.ToolTipRole


def tooltips(model: QAbstractItemModel) -> list[str]:
    """All tooltips of a table's cells and headers."""
    if isinstance(model, QAbstractListModel):
        return [model.index(row).data(TOOLTIP) for row in range(model.rowCount())]
    found = [
        model.index(row, column).data(TOOLTIP)
        for row in range(model.rowCount())
        for column in range(model.columnCount())
    ]
    for orientation in Qt.Orientation:
        is_across = orientation is Qt.Orientation.Horizontal
        count = model.columnCount() if is_across else model.rowCount()
        found += [model.headerData(section, orientation, TOOLTIP) for section in range(count)]
    return [text for text in found if text]


def figures():
    labels = np.array([0, 1, 1]), np.array([0, 1, 0])
    return evaluate_predictions(*labels, 2)


@pytest.mark.parametrize("text", [EVIL, "<p>a\n<i>b", "a < b", "</p><h1>x"])
def test_a_tooltip_shows_tags_as_text(text):
    shown = plain_tooltip(text)
    assert "<b>" not in shown
    assert "<img" not in shown
    assert "&lt;" in shown


@pytest.mark.parametrize("text", ["", "cat", "a & b", "two\nlines", "1 > 0"])
def test_other_tooltips_stay(text):
    assert plain_tooltip(text) == text


@pytest.mark.parametrize("make", [PlainLabel, ElidedLabel])
def test_a_label_shows_tags_as_text(qtbot, make):
    label = make(EVIL)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == EVIL
    assert "<img" not in label.toolTip()


def test_a_banner_shows_tags_as_text(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_message(Severity.DANGER, EVIL)
    assert banner.text() == EVIL
    formats = {label.textFormat() for label in banner.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_a_message_box_shows_tags_as_text(qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setText(EVIL)
    box.setInformativeText(EVIL)
    show_plainly(box)
    shown = [label for label in box.findChildren(QLabel) if label.text() == EVIL]
    assert len(shown) == 2
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}


def make_metrics():
    model = ClassMetricsModel()
    model.set_figures((EVIL, "dog"), figures().per_class)
    return model


def make_findings():
    model = FindingsModel()
    model.set_rows([Finding(Path(f"/{EVIL}.jpg"), FindingKind.UNREADABLE, EVIL)])
    return model


def make_matrix():
    model = ConfusionMatrixModel()
    model.set_matrix((EVIL, "dog"), figures().confusion_matrix)
    return model


def make_classes():
    model = ClassListModel()
    model.set_rows([ClassRow(EVIL, 1, 1)])
    return model


def make_images():
    model = ImageItemsModel()
    model.set_items([ImageItem(Path(f"/{EVIL}.jpg"), EVIL)])
    return model


def make_classified():
    model = ClassifiedModel()
    model.append([NamedImage(Path(f"/{EVIL}.jpg"), ((EVIL, 1.0),))])
    return model


@pytest.mark.parametrize(
    "make",
    [make_metrics, make_findings, make_matrix, make_classes, make_images, make_classified],
)
def test_models_give_no_html_of_strangers(qtbot, make):
    model = make()
    shown = tooltips(model)
    assert any("img src" in text for text in shown)
    assert not [text for text in shown if "<img" in text or "<b>" in text]


def test_a_copied_table_holds_no_formulas_and_a_line_a_class(qtbot):
    model = ClassMetricsModel()
    model.set_figures(("=1+1", "a\tb\nc"), figures().per_class)
    table = ClassMetricsTable(model)
    qtbot.addWidget(table)
    head, first, second, rest = table.text().split("\n")
    assert first.startswith("'=1+1\t")
    assert second.startswith("a\\tb\\nc\t")
    assert head.count("\t") == first.count("\t") == second.count("\t") == 4
    assert rest == ""
