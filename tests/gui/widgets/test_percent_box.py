"""A percentage with words around it."""

from gui.widgets.percent_box import PLACE, PercentBox


def test_words_stand_around_the_number(qtbot):
    box = PercentBox(f"below {PLACE}%", "any")
    qtbot.addWidget(box)
    assert box.text() == "any"
    box.setValue(35)
    assert box.text() == "below 35%"
    box.stepUp()
    assert box.value() == 40
