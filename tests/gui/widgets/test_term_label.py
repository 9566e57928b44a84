import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QSpinBox, QVBoxLayout, QWidget

from gui.look.theme import DARK, LIGHT, SchemeChoice, ThemeSwitch
from gui.widgets.setting_row import SettingRow
from gui.widgets.term_label import TermLabel
from gui.widgets.term_popup import TermPopup
from gui.window.main_window import MainWindow

EVIL = '<img src="x.png"> & a batch\nof 3'


@pytest.fixture
def window(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QWidget())
    QVBoxLayout(window.centralWidget())
    window.show()
    return window


@pytest.fixture
def label(window):
    label = TermLabel("Each batch is a step.")
    window.centralWidget().layout().addWidget(label)
    return label


def popup_of(widget) -> TermPopup:
    [popup] = widget.findChildren(TermPopup)
    return popup


def links_of(label: TermLabel) -> list[str]:
    """The words that are links, as Qt shows them."""
    document = QTextDocument()
    document.setHtml(QLabel.text(label))
    found, block = [], document.begin()
    while block.isValid():
        fragments = block.begin()
        while not fragments.atEnd():
            if fragments.fragment().charFormat().anchorHref():
                found.append(fragments.fragment().text())
            fragments += 1
        block = block.next()
    return found


def press_first_link(qtbot, label: TermLabel) -> None:
    label.setFocus()
    qtbot.keyClick(label, Qt.Key.Key_Tab)
    qtbot.keyClick(label, Qt.Key.Key_Return)


def test_terms_are_links_and_the_text_stays_as_it_is(label):
    assert links_of(label) == ["batch", "step"]
    assert label.text() == "Each batch is a step."


def test_a_text_without_terms_stays_plain(qtbot):
    label = TermLabel("<b>Nothing</b> to explain")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_tags_beside_a_term_are_shown_as_text(qtbot):
    label = TermLabel(EVIL)
    qtbot.addWidget(label)
    document = QTextDocument()
    document.setHtml(QLabel.text(label))
    assert document.toPlainText() == EVIL
    assert links_of(label) == ["batch"]
    assert label.text() == EVIL


def test_the_keyboard_opens_the_explanation_and_esc_closes_it(qtbot, label):
    press_first_link(qtbot, label)
    popup = popup_of(label)
    assert popup.text().startswith("Batch\nThe pictures that are computed together")
    assert popup.accessibleName() == "Batch"
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: label.findChildren(TermPopup) == [])


def test_another_term_of_the_text_is_a_button_away(qtbot, label):
    press_first_link(qtbot, label)
    popup = popup_of(label)
    buttons = {button.text(): button for button in popup.others()}
    buttons["training step"].click()
    assert popup.text().startswith("Step\n")
    assert "batch" in {button.text() for button in popup.others()}


@pytest.mark.parametrize("is_in_dialog", [False, True])
def test_the_window_is_asked_for_the_glossary(qtbot, window, label, is_in_dialog):
    if is_in_dialog:
        dialog = QDialog(window)
        QVBoxLayout(dialog).addWidget(label)
        dialog.show()
    press_first_link(qtbot, label)
    with qtbot.waitSignal(window.term_requested) as asked:
        popup_of(label)._more.click()
    assert asked.args == ["batch"]


def test_a_popup_at_the_edge_stays_on_the_screen(qtbot, label):
    press_first_link(qtbot, label)
    popup = popup_of(label)
    area = popup.screen().availableGeometry()
    popup.open_at(QPoint(area.right(), area.bottom()))
    assert area.contains(popup.frameGeometry())


def test_links_have_the_colour_of_the_text_in_both_schemes(qtbot, app, label):
    label.setProperty("role", "help")
    for choice, theme in ((SchemeChoice.DARK, DARK), (SchemeChoice.LIGHT, LIGHT)):
        ThemeSwitch(app, choice)
        QApplication.processEvents()
        assert theme.text_muted.lower() in QLabel.text(label)


def test_an_error_has_no_links(qtbot, window):
    row = SettingRow("Mode", QSpinBox(), "", "Size of the batch.")
    window.centralWidget().layout().addWidget(row)
    assert links_of(row._help) == ["batch"]
    row.set_error("The batch must be a number.")
    assert row._help.textFormat() is Qt.TextFormat.PlainText
    assert row.help() == "The batch must be a number."
    row.set_error("")
    assert links_of(row._help) == ["batch"]


def test_shift_f1_explains_the_words_of_a_setting(qtbot, window):
    spin = QSpinBox()
    row = SettingRow("Dropout", spin, "", "Fraction of features, without dropout.")
    window.centralWidget().layout().addWidget(row)
    assert (links_of(row._label), links_of(row._help)) == (["Dropout"], ["features"])
    qtbot.keyClick(spin, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    popup = popup_of(spin)
    assert popup.text().startswith("Dropout\n")
    assert "feature" in {button.text() for button in popup.others()}


def test_shift_f1_on_a_setting_without_terms_opens_nothing(qtbot, window):
    spin = QSpinBox()
    row = SettingRow("Rotation", spin, "", "Largest rotation.")
    window.centralWidget().layout().addWidget(row)
    qtbot.keyClick(spin, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert row.findChildren(TermPopup) == []
