"""Every page and dialog in a made-up language: no plain English is left, and nothing is cut off."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTranslator
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QWidget,
)

from core.backbones.catalogue import catalogue
from core.backbones.store import list_backbones
from core.computer.devices import list_devices
from core.data.dataset import Finding, FindingKind, Split
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from gui.backbones.backbone_import_dialog import BackboneImportDialog
from gui.camera.camera_panel import CameraPanel
from gui.classifier.answer_popup import AnswerPopup
from gui.classifier.class_bars import ClassBars
from gui.classify.copy_dialog import CopyDialog
from gui.glossary.terms import TERMS
from gui.image_views.dropped import Dropped
from gui.images.class_question import ClassQuestion
from gui.images.findings_dialog import FindingsDialog
from gui.learning.guide_library import GuideLibrary
from gui.learning.guide_window import GuideWindow
from gui.quick.quick_window import QuickWindow
from gui.train.learning_rate_dialog import LearningRateDialog
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.term_popup import TermPopup
from gui.window.error_report import ErrorDialog
from tests.models import write_model
from tests.pseudo_language import make_pseudo_language
from tests.run_folders import make_run

SMALLEST = (1024, 640)
# What has no translation: the program's name and those of formats and methods, keys, units, and
# what Qt translates itself.
NAMES = {
    *("Fieldguide", "TensorFlow", "Hub", "SavedModel", "TFLite", "ONNX", "TF-TRT", "TensorRT"),
    *("Ctrl", "Shift", "Alt", "Return", "Esc", "Del", "OK", "Show", "Details", "Cancel", "Close"),
    *("bytes", "kB", "MB", "GB", "px", "F1", "F2", "F5", "Apache-2"),
    # Of these tests: classes, folders, a model.
    *("cats", "dogs", "pets", "run", "cat", "coffee", "rocket", "photos"),
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory) -> Path:
    return make_pseudo_language(tmp_path_factory.mktemp("language"), "eo")


@pytest.fixture
def translated(qapp, compiled) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load(str(compiled))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def texts_of(widget: QWidget) -> Iterator[str]:
    """What a widget shows or says."""
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QGroupBox():
            yield widget.title()
        case QLineEdit():
            yield widget.placeholderText()
        case QPlainTextEdit():
            yield widget.placeholderText()
        case QComboBox():
            yield from (widget.itemText(index) for index in range(widget.count()))
        case QTabWidget():
            yield from (widget.tabText(index) for index in range(widget.count()))
        case QMenu():
            yield from (action.text() for action in widget.actions())
            yield from (action.toolTip() for action in widget.actions())
        case QTableView():
            yield from _cells(widget)


def _cells(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    for column in range(model.columnCount()):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            yield str(model.headerData(column, Qt.Orientation.Horizontal, role) or "")
            for row in range(min(20, model.rowCount())):
                yield str(model.index(row, column).data(role) or "")


@functools.cache
def names() -> set[str]:
    """Words that stay as they are: those above, of this computer and of backbones."""
    told = [device.name for device in list_devices()]
    told += [optimizer.text for optimizer in Optimizer]
    for entry in (*catalogue(), *list_backbones()):
        told += [entry.name, entry.title, entry.family]
    return NAMES | {word for name in told for word in _words(name)}


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z][\w’'-]+", text)


def english_in(text: str) -> list[str]:
    """Words of a text that are not translated and no names."""
    plain = QTextDocumentFragment.fromHtml(text).toPlainText() if "<" in text else text
    plain = plain.replace("&", "").replace("\u200b", "")
    plain = re.sub(r"(https?:)?/.*|\b\w+\.(png|jpg)\b", "", plain)  # paths, names of files
    return [word for word in _words(plain) if word.isascii() and word not in names()]


def shown_widgets(window: QWidget) -> list[QWidget]:
    return [window, *(w for w in window.findChildren(QWidget) if w.isVisible())]


def assert_translated(window: QWidget) -> None:
    found = {
        (type(widget).__name__, text): words
        for widget in [*shown_widgets(window), *window.findChildren(QMenu)]
        for text in texts_of(widget)
        if (words := english_in(text))
    }
    assert found == {}


def assert_whole(window: QWidget) -> None:
    """No label and no button is smaller than its text."""
    QApplication.sendPostedEvents()  # a text that came just now gets its room
    cut = []
    for widget in shown_widgets(window):
        if isinstance(widget, ElidedLabel) or not isinstance(widget, QLabel | QAbstractButton):
            continue
        if not widget.text():
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            if widget.heightForWidth(widget.width()) > widget.height() + 1:
                cut.append((type(widget).__name__, widget.text(), widget.size(), widget.sizeHint()))
        elif widget.sizeHint().width() > widget.width() + 1:
            cut.append((type(widget).__name__, widget.text(), widget.size(), widget.sizeHint()))
    assert cut == []
    assert window.width() <= SMALLEST[0]
    assert window.height() <= SMALLEST[1]


def assert_right(window: QWidget) -> None:
    assert_translated(window)
    assert_whole(window)


@pytest.fixture
def window(qtbot, translated, make_window):
    window = make_window()
    window.window.resize(*SMALLEST)
    return window


@pytest.fixture
def filled(qtbot, window, pets):
    with qtbot.waitSignal(
        window.images.busy_changed, check_params_cb=lambda text: text == "", timeout=30_000
    ):
        window.drops.take(Dropped.from_paths([pets]))
    return window


def test_the_empty_pages(qtbot, window):
    for action in window.actions.pages:
        action.trigger()
        qtbot.wait(20)
        assert_right(window.window)


def test_the_images_and_their_findings(qtbot, filled):
    qtbot.waitUntil(lambda: filled.images.findings != (), timeout=10_000)
    assert_right(filled.window)


def test_a_training(qtbot, filled):
    filled.window.show_page(filled.train_page)
    form = filled.train_page.form
    form.set_config(TrainConfig(fine_tune=True, rotation=5.0))
    for group in form._groups.values():
        group.set_open(True)
    qtbot.wait(100)
    assert_right(filled.window)
    with qtbot.waitSignal(filled.training.run_finished, timeout=20_000):
        filled.training.start()
    qtbot.wait(100)
    assert_right(filled.window)


def test_results(qtbot, filled, tmp_path):
    labels = ("cats", "dogs")
    matrices = {split: np.array([[5, 2], [1, 9]]) for split in (Split.VALIDATION, Split.TEST)}
    filled.window.show_page(filled.results_page)
    filled.results_page.show_run(make_run(tmp_path / "results", labels, matrices))
    qtbot.wait(300)
    assert_right(filled.window)


def test_answers(qtbot, window, pets, tmp_path):
    window.window.show_page(window.classify_page)
    with qtbot.waitSignal(window.classifier.model_changed, timeout=10_000):
        window.classifier.use_model(write_model(tmp_path / "model"))
    window.classify_page.classify([pets])
    qtbot.waitUntil(lambda: len(window.classify_page.table.shown_images()) == 9, timeout=30_000)
    qtbot.wait(300)
    assert_right(window.window)


def test_exports(qtbot, window, tmp_path):
    window.window.show_page(window.export_page)
    window.exports.controller.set_project_model(write_model(tmp_path / "model"))
    qtbot.wait(500)
    assert_right(window.window)


@pytest.mark.parametrize("action", ["backbones", "storage", "integration", "shortcuts", "about"])
def test_dialogs(qtbot, window, action):
    getattr(window.actions, action).trigger()
    qtbot.waitUntil(lambda: window.window.findChild(QDialog) is not None, timeout=10_000)
    dialog = window.window.findChild(QDialog)
    if action == "backbones":  # It fills the screen, which is small on this platform.
        dialog.resize(*SMALLEST)
    qtbot.wait(500)
    assert_right(dialog)
    dialog.close()


def test_the_guide(qtbot, translated):
    """Its documents are English; all around them, the glossary and the families are translated."""
    library = GuideLibrary()
    made = [each for each in library.documents if not each.name.endswith(".md")]
    for document in made:
        for section in document.sections:
            assert english_in(section.title + " " + section.text) == []
    shown = GuideWindow(library)
    shown.resize(*SMALLEST)
    qtbot.addWidget(shown)
    shown.show()
    shown.show_entry("glossary", "batch")
    qtbot.wait(100)
    assert_right(shown)
    batch = library.search(TERMS["batch"].shown_forms()[0])[0]
    assert (batch.section.document, batch.section.anchor) == ("glossary", "batch")


def test_the_explanation_of_a_term(qtbot, window):
    row = window.train_page.form.rows["dropout"]
    window.window.show_page(window.train_page)
    row.explain()
    [popup] = row.findChildren(TermPopup)
    qtbot.wait(50)
    assert_right(popup)
    assert popup.others()
    popup.close()


def findings_dialog() -> QWidget:
    dialog = FindingsDialog()
    dialog.set_findings([Finding(Path("/pets/cat.png"), kind, "") for kind in FindingKind])
    return dialog


OTHERS = {
    "findings": findings_dialog,
    "copy": lambda: CopyDialog(9, 4),
    "class": lambda: ClassQuestion("", "", ["cats"]),
    "learning rate": LearningRateDialog,
    "import": lambda: BackboneImportDialog(Path("/models/run"), frozenset()),
    "quick window": QuickWindow,
    "camera": CameraPanel,
    "error": lambda: ErrorDialog(""),
}


@pytest.mark.parametrize("name", OTHERS)
def test_windows_that_other_gestures_open(qtbot, translated, name):
    shown = OTHERS[name]()
    qtbot.addWidget(shown)
    shown.show()
    qtbot.wait(100)
    assert_right(shown)


def test_the_popup_with_an_answer(qtbot, window, pets, tmp_path):
    with qtbot.waitSignal(window.classifier.model_changed, timeout=10_000):
        window.classifier.use_model(write_model(tmp_path / "model"))
    popup = AnswerPopup(window.classifier, pets / "cats/00.png", window.window)
    popup.ask(window.window.mapToGlobal(QPoint(200, 200)))
    bars = popup.findChild(ClassBars)
    qtbot.waitUntil(lambda: bars is not None and bars.isVisible(), timeout=20_000)
    assert_right(popup)
    popup.close()
