"""The inputs of settings: made for a setting's kind, filled, read."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from core.choice import Choice
from core.settings.choices import Device
from core.settings.config import SETTINGS
from core.settings.setting import PERCENT, RangeRule, Setting
from gui.look.language import tr
from gui.train_settings.choice_texts import choice_text
from gui.train_settings.setting_texts import number_text, read_number
from gui.widgets.plain_text import plain_tooltip
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.setting_row import Editor


def make_editor(name: str) -> Editor:
    """Make the input of a setting."""
    setting = SETTINGS[name]
    if name == "fine_tune":
        return SegmentedChoice([(False, tr("Fast")), (True, tr("Fine-tune"))])
    if setting.kind is bool:
        return QCheckBox()
    if setting.kind is str:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setMinimumContentsLength(14)
        offer_backbones(box, setting, [])
        return box
    if issubclass(setting.kind, Choice):
        box = QComboBox()
        for choice in setting.kind:
            box.addItem(choice_text(choice), choice)
        return box
    if setting.kind is int:
        assert isinstance(setting.rule, RangeRule)
        assert isinstance(setting.rule.high, int)
        spin = QSpinBox()
        # From 0, even where that is too small: the form shows the fault, and typing stays easy.
        spin.setRange(0, setting.rule.high)
        spin.setGroupSeparatorShown(True)
        return spin
    return QLineEdit()


def show_value(editor: Editor, setting: Setting, value: object) -> None:
    """Show a value in the input of a setting."""
    if isinstance(editor, SegmentedChoice):
        editor.set_value(value)
    elif isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif isinstance(editor, QSpinBox):
        assert isinstance(value, int)
        editor.setValue(value)
    elif isinstance(editor, QLineEdit):
        assert isinstance(value, int | float)
        editor.setText(number_text(setting, value))
    elif editor.isEditable():
        editor.setCurrentText(value_text(setting, value))
    else:
        editor.setCurrentIndex(editor.findData(value))


def read_value(editor: Editor, setting: Setting) -> object:
    """Return the value in the input of a setting.

    Raises:
        ValueError: If a number is expected and it is none.
    """
    if isinstance(editor, SegmentedChoice):
        return editor.value()
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QSpinBox):
        return editor.value()
    if isinstance(editor, QLineEdit):
        return read_number(setting, editor.text())
    if editor.isEditable():
        text = editor.currentText()
        return "" if not setting.default and text == _no_backbone() else text
    choice: object = setting.kind(editor.currentData())
    return choice


def value_text(setting: Setting, value: object) -> str:
    """Return a value as text: numbers as in the input, choices as they are offered."""
    if isinstance(value, Choice):
        return choice_text(value)
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, int | float):
        text = number_text(setting, value)
        return tr("%1%", text) if setting.unit == PERCENT else text
    return str(value) or (_no_backbone() if not setting.default else "")


def offer_backbones(editor: Editor, setting: Setting, facts: Sequence[tuple[str, str]]) -> None:
    """Offer backbones, after none at all where that is the default; others can be typed.

    Args:
        facts: Names, each with the text of its tooltip.
    """
    assert isinstance(editor, QComboBox)
    editor.clear()
    if not setting.default:
        editor.addItem(_no_backbone())
    for name, tip in facts:
        editor.addItem(name)
        editor.setItemData(editor.count() - 1, plain_tooltip(tip), Qt.ItemDataRole.ToolTipRole)


def _no_backbone() -> str:
    return tr("None")


def offer_devices(editor: Editor, num_gpus: int) -> None:
    """Enable the available devices only; the others stay visible."""
    assert isinstance(editor, QComboBox)
    model = editor.model()
    assert isinstance(model, QStandardItemModel)
    needed = {Device.GPU: 1, Device.ALL_GPUS: 2}
    reasons = {
        Device.GPU: tr("No GPU was found on this computer"),
        Device.ALL_GPUS: tr("There is only one GPU on this computer"),
    }
    for row in range(editor.count()):
        device = Device(editor.itemData(row))
        is_there = num_gpus >= needed.get(device, 0)
        reason = reasons[Device.GPU if num_gpus == 0 else device] if not is_there else ""
        model.item(row).setEnabled(is_there)
        editor.setItemData(row, plain_tooltip(reason), Qt.ItemDataRole.ToolTipRole)
