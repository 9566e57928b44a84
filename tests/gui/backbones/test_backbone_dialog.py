from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QScreen
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSpinBox,
)

from core.messages.requests import ImportBackboneRequest
from gui.backbones.backbone_dialog import BackboneDialog
from gui.backbones.backbone_import_dialog import BackboneImportDialog
from gui.backbones.backbone_table_model import BackboneColumn
from gui.widgets.drop_overlay import DropOverlay
from gui.widgets.term_label import TermLabel
from tests.gui.backbones.test_backbone_models import BUILT_IN, INCEPTION, OWN

ROWS = [BUILT_IN, INCEPTION, OWN]


@pytest.fixture
def dialog(qtbot):
    dialog = BackboneDialog()
    qtbot.addWidget(dialog)
    dialog.set_rows(ROWS)
    dialog.present("efficientnet-lite0")
    qtbot.waitExposed(dialog)
    return dialog


def heard(signal):
    said = []
    signal.connect(lambda *values: said.append(values if len(values) > 1 else values[0]))
    return said


def current(dialog):
    row = dialog.view.current()
    return row.name if row is not None else None


def test_chosen_backbone_is_selected_and_described(dialog):
    assert current(dialog) == "efficientnet-lite0"
    assert "EfficientNet-Lite0" in dialog.details.text()
    assert dialog.buttons.use.isEnabled()
    assert not dialog.buttons.download.isEnabled()
    assert not dialog.buttons.remove.isEnabled()


def test_details_tell_what_changes_and_where_it_comes_from(dialog):
    dialog.view.select("inception-v3")
    text = dialog.details.text()
    for part in (
        "Inception · 2015 · inception-v3",
        "Slow but thorough.",
        "Pictures are scaled to 320×299.",
        "14.3× the computation",
        "Needs a download of 90.0 MB, once.",
        "https://example.org/inception_v3/4",
    ):
        assert part in text


def test_words_in_addresses_of_the_details_are_no_links(dialog):
    row = replace(INCEPTION, handle="https://example.org/imagenet/1", family="Inception V3")
    dialog.set_rows([row])
    dialog.view.select("inception-v3")
    labels = {label.text(): label for label in dialog.details.findChildren(TermLabel)}
    address = next(label for text, label in labels.items() if "imagenet" in text)
    assert address.terms() == ()
    changes = next(label for text, label in labels.items() if "Pictures are scaled" in text)
    assert "feature" in {term.key for term in changes.terms()}


def test_details_explain_the_family(dialog):
    dialog.set_rows([replace(INCEPTION, family="Inception V3"), BUILT_IN])
    dialog.view.select("inception-v3")
    text = dialog.details.text()
    assert "How it is built" in text
    assert "Its Inception modules split large filters into pairs of cheaper ones" in text
    dialog.set_rows([replace(INCEPTION, family="My own")])
    dialog.view.select("inception-v3")
    assert "How it is built" not in dialog.details.text()


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ((240, 1672), "Each picture becomes 1280 features, and 1912 of earlier stages."),
        ((), "Each picture becomes 1280 features.\nIts graph shows no stages."),
        (None, "Each picture becomes 1280 features."),
    ],
)
def test_details_tell_the_stages_that_are_known(dialog, stages, expected):
    dialog.set_rows([replace(BUILT_IN, feature_dim=1280, stages=stages)])
    dialog.view.select(BUILT_IN.name)
    text = dialog.details.text().replace(",", "")
    assert expected.replace(",", "") in text
    assert ("stages" in text) is (stages is not None)


def test_another_built_in_one_is_compared_with_the_default_and_stays(dialog):
    larger = replace(BUILT_IN, name="efficientnet-lite1", title="Lite1", multiply_adds=800_000_000)
    dialog.set_rows([larger, BUILT_IN])
    dialog.view.select(BUILT_IN.name)
    assert "the computation of the default" not in dialog.details.text()
    dialog.view.select(larger.name)
    assert "Takes about 2.0× the computation of the default backbone." in dialog.details.text()
    assert "download" not in dialog.details.text()
    assert dialog.buttons.use.isEnabled()
    assert dialog.buttons.use.text() == "Use"
    assert not dialog.buttons.download.isEnabled()
    assert not dialog.buttons.remove.isEnabled()


def test_what_cant_be_downloaded_is_not_said_to_be_fetched(dialog):
    dialog.set_rows([replace(INCEPTION, is_in_catalogue=False)])
    assert "Inception · 2015" in dialog.details.text()
    assert "download" not in dialog.details.text()
    assert dialog.buttons.reason() == "Not available for download."
    assert not dialog.buttons.use.isEnabled()


@pytest.mark.parametrize("column", [None, BackboneColumn.SIZE])
def test_sizes_of_hundreds_of_megabytes_are_shown_in_full(dialog, column):
    dialog.set_rows([replace(INCEPTION, download_bytes=None, parameters=222_000_000)])
    table = dialog.view.table
    if column is not None:
        table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    index = table.model().index(0, BackboneColumn.SIZE)
    assert index.data() == "≈ 888.0 MB"
    assert table.sizeHintForIndex(index).width() <= table.columnWidth(BackboneColumn.SIZE)
    head = table.horizontalHeader()
    assert head.sectionSizeHint(BackboneColumn.SIZE) <= head.sectionSize(BackboneColumn.SIZE)


def test_window_is_no_larger_than_the_screen(qtbot, monkeypatch):
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(0, 0, 1024, 640))
    dialog = BackboneDialog()
    qtbot.addWidget(dialog)
    dialog.set_rows(ROWS)
    dialog.show()
    assert dialog.width() <= 1024
    assert dialog.height() <= 640


def test_old_format_is_said_beside_the_download_that_it_forbids(dialog):
    row = replace(INCEPTION, is_in_catalogue=False, is_tf1=True)
    dialog.set_rows([row])
    assert dialog.buttons.reason() == "Published in the old TF1 format only."
    reason = dialog.buttons.findChild(QLabel, "Reason")
    assert reason.alignment() & Qt.AlignmentFlag.AlignRight
    assert not dialog.buttons.download.isEnabled()
    dialog.set_rows([replace(row, size_bytes=91_000_000)])
    assert dialog.buttons.reason() == ""
    assert dialog.buttons.use.isEnabled()


def test_enter_uses_what_is_here(qtbot, dialog):
    used = heard(dialog.use_requested)
    dialog.view.select("own")
    qtbot.keyClick(dialog.view.table, Qt.Key.Key_Return)
    assert used == ["own"]


def test_enter_downloads_and_uses_what_is_not_here(qtbot, dialog):
    wanted = heard(dialog.download_requested)
    dialog.view.select("inception-v3")
    assert dialog.buttons.use.text() == "Download and use"
    qtbot.keyClick(dialog.view.table, Qt.Key.Key_Return)
    assert wanted == [("inception-v3", True)]
    dialog.buttons.download.click()
    assert wanted[1:] == [("inception-v3", False)]


def test_double_click_downloads_and_uses(qtbot, dialog):
    wanted = heard(dialog.download_requested)
    table = dialog.view.table
    place = table.visualRect(table.model().index(1, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wanted == [("inception-v3", True)]


def test_ctrl_f_searches_down_goes_to_the_table_and_escape_closes(qtbot, dialog):
    dialog.activateWindow()
    qtbot.keyClick(dialog.view.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert dialog.focusWidget() is dialog.filters.search
    qtbot.keyClicks(dialog.filters.search, "incep")
    assert current(dialog) == "inception-v3"
    qtbot.keyClick(dialog.filters.search, Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.view.table
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_nothing_that_matches_offers_to_clear_the_filters(dialog):
    dialog.filters.search.setText("nobody")
    assert current(dialog) is None
    assert not dialog.buttons.use.isEnabled()
    assert "No backbone selected" in dialog.details.text()
    [clear] = [b for b in dialog.findChildren(QAbstractButton) if b.text() == "Clear filters"]
    clear.click()
    assert dialog.filters.search.text() == ""
    assert current(dialog) == "efficientnet-lite0"
    assert dialog.view.currentWidget() is dialog.view.table


def test_families_are_offered_and_the_chosen_one_stays(dialog):
    box = dialog.filters.findChild(QComboBox, "Family")
    assert [box.itemText(n) for n in range(box.count())] == [
        "All families",
        "EfficientNet-Lite",
        "Inception",
        "Other families",
    ]
    box.setCurrentText("Inception")
    assert current(dialog) == "inception-v3"
    dialog.set_rows(ROWS)
    assert box.currentText() == "Inception"
    assert current(dialog) == "inception-v3"


def test_selected_backbone_stays_selected_when_the_list_changes(dialog):
    dialog.view.select("inception-v3")
    dialog.set_rows([replace(INCEPTION, size_bytes=91_000_000), OWN, BUILT_IN])
    assert current(dialog) == "inception-v3"
    assert dialog.buttons.use.text() == "Use"


def test_offline_says_why_nothing_can_be_fetched(dialog):
    dialog.view.select("inception-v3")
    dialog.buttons.set_offline(True)
    assert not dialog.buttons.use.isEnabled()
    assert not dialog.buttons.download.isEnabled()
    assert dialog.buttons.reason() == "Working offline: downloads are off."
    dialog.view.select("own")
    assert dialog.buttons.use.isEnabled()
    assert dialog.buttons.reason() == ""


def test_offline_is_told_only_when_the_user_changes_it(dialog):
    said = heard(dialog.offline_toggled)
    dialog.buttons.set_offline(True)
    assert said == []
    dialog.buttons.offline.click()
    assert said == [False]


def test_one_download_at_a_time(dialog):
    dialog.view.select("inception-v3")
    dialog.set_busy(True)
    assert not dialog.buttons.use.isEnabled()
    assert not dialog.buttons.download.isEnabled()
    assert not dialog.buttons.imports.isEnabled()
    dialog.view.select("own")
    assert dialog.buttons.use.isEnabled()


def test_no_choice_is_offered_while_there_is_a_reason(qtbot, dialog):
    used = heard(dialog.use_requested)
    dialog.buttons.set_no_choice("A training goes on.")
    qtbot.keyClick(dialog.view.table, Qt.Key.Key_Return)
    assert used == []
    assert dialog.buttons.reason() == "A training goes on."


def test_removing_asks_and_says_what_is_freed(dialog):
    removed = heard(dialog.remove_requested)
    dialog.view.select("own")
    dialog.buttons.remove.click()
    box = dialog.findChild(QMessageBox, "Remove backbone")
    assert "“own”" in box.text()
    assert "This frees 20.0 kB. To use it again, you have to import it." in box.informativeText()
    assert box.defaultButton().text() == "Keep"
    [remove] = [button for button in box.buttons() if button.text() == "Remove"]
    remove.click()
    assert removed == ["own"]


def test_everything_that_takes_the_focus_has_a_name(dialog):
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for widget in dialog.findChildren(kind):
            if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and widget.isVisible():
                text = getattr(widget, "text", str)()
                assert widget.accessibleName() or (text and isinstance(widget, QAbstractButton))
    assert dialog.view.table.accessibleName()


def drop(dialog, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    arguments = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, *arguments)
    enter.ignore()
    QApplication.sendEvent(dialog, enter)
    text = dialog.findChild(DropOverlay).text()
    if enter.isAccepted():
        QApplication.sendEvent(dialog, QDropEvent(QPointF(9, 9), copy, data, *arguments))
    return enter.isAccepted(), text


def test_dropped_folder_is_imported_after_a_question(dialog, tmp_path):
    wanted = heard(dialog.import_requested)
    (tmp_path / "own").mkdir()
    assert drop(dialog, tmp_path / "own") == (True, "Import “own” as a backbone")
    question = dialog.findChild(BackboneImportDialog)
    assert question.findChild(QLineEdit, "Name").text() == "own-2"
    question.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    assert wanted == [ImportBackboneRequest(handle=str(tmp_path / "own"), name="own-2")]


def test_what_came_by_browser_may_have_its_name_in_the_catalogue(dialog, tmp_path):
    wanted = heard(dialog.import_requested)
    (tmp_path / "archive.tar.gz").write_bytes(b"")
    assert drop(dialog, tmp_path / "archive.tar.gz")[0]
    question = dialog.findChild(BackboneImportDialog)
    question.findChild(QLineEdit, "Name").setText("inception-v3")
    question.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    [request] = wanted
    assert request.name == "inception-v3"


def test_details_tell_the_page_where_it_is_another_than_the_source(dialog):
    head, page = "Page to open in a browser", "https://kaggle.example/models/inception"
    for row, is_shown in ((INCEPTION, False), (replace(INCEPTION, page=page), True)):
        dialog.set_rows([row])
        assert (head in dialog.details.text()) == is_shown
        assert (page in dialog.details.text()) == is_shown
    dialog.set_rows([replace(INCEPTION, page=INCEPTION.handle)])
    assert head not in dialog.details.text()


def test_drop_of_anything_else_is_refused(dialog, tmp_path):
    (tmp_path / "picture.png").write_bytes(b"")
    assert not drop(dialog, tmp_path / "picture.png")[0]
    (tmp_path / "m.TAR.GZ").write_bytes(b"")
    dialog.set_busy(True)
    assert not drop(dialog, tmp_path / "m.TAR.GZ")[0]
    dialog.set_busy(False)
    assert drop(dialog, tmp_path / "m.TAR.GZ")[0]


def test_import_takes_values_and_size(dialog, tmp_path):
    wanted = heard(dialog.import_requested)
    dialog.ask_to_import(tmp_path / "net.tar.gz")
    question = dialog.findChild(BackboneImportDialog)
    question.findChild(QLineEdit, "Name").setText(" mine ")
    question.findChild(QComboBox, "Value range").setCurrentIndex(1)
    question.findChild(QSpinBox, "Input size").setValue(160)
    question.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    [request] = wanted
    assert request.name == "mine"
    assert request.value_range == (-1.0, 1.0)
    assert request.input_size == (160, 160)


@pytest.mark.parametrize("name", ["", "  ", "own", "a/b", "a\\b", ".hidden", "-x"])
def test_import_needs_a_fit_name(dialog, tmp_path, name):
    dialog.ask_to_import(tmp_path / "net.tar.gz")
    question = dialog.findChild(BackboneImportDialog)
    ok = question.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    assert ok.isEnabled()
    question.findChild(QLineEdit, "Name").setText(name)
    assert not ok.isEnabled()
