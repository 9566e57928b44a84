from PySide6.QtCore import QPoint, Qt

from core.export.formats.format import export_formats
from gui.export.export_card import ExportCard
from gui.widgets.term_label import TermLabel
from gui.widgets.term_popup import TermPopup


def test_a_click_on_a_term_explains_it_and_any_other_chooses_the_format(qtbot):
    [chosen] = [each for each in export_formats() if each.purpose.startswith("8 bits")]
    card = ExportCard(chosen)
    qtbot.addWidget(card)
    card.resize(400, 80)
    card.show()
    [purpose] = card.findChildren(TermLabel)
    assert purpose.text().startswith("8 bits")
    left, middle = Qt.MouseButton.LeftButton, purpose.height() // 2
    qtbot.mouseClick(purpose, left, pos=QPoint(8, middle))
    [popup] = purpose.findChildren(TermPopup)
    assert popup.text().startswith("Quantisation")
    popup.close()
    assert not card.check.isChecked()
    qtbot.mouseClick(purpose, left, pos=QPoint(purpose.width() - 4, middle))
    assert card.check.isChecked()
