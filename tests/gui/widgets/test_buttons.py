"""Push buttons."""

from gui.widgets.buttons import push_button


def test_a_button_calls_its_slot_and_is_found_by_its_text(qtbot):
    pressed: list[str] = []
    button = push_button("Save", lambda: pressed.append("save"), "copy")
    qtbot.addWidget(button)
    button.click()
    assert pressed == ["save"]
    assert (button.objectName(), button.text()) == ("Save", "Save")
    assert not button.icon().isNull()


def test_a_button_may_have_neither_slot_nor_icon(qtbot):
    button = push_button("Freeze")
    qtbot.addWidget(button)
    button.click()
    assert button.icon().isNull()
