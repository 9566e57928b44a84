"""The inputs of settings: made for a setting's kind, filled, read."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from core.settings.config import Device, TrainConfig
from gui.train_settings.choice_texts import choice_text
from gui.widgets.plain_text import plain_tooltip
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.setting_row import Editor

_DEFAULTS = TrainConfig()
_LARGEST = {"epochs": 100_000, "batch_size": 65_536, "hidden_units": 65_536, "seed": 2**31 - 1}
_LARGEST_OTHER = 1_000_000


def make_editor(name: str) -> Editor:
    """An input for a field of `TrainConfig`."""
    default = getattr(_DEFAULTS, name)
    if name == "fine_tune":
        return SegmentedChoice([(False, _tr("Fast")), (True, _tr("Fine-tune"))])
    if isinstance(default, bool):
        return QCheckBox()
    if name == "backbone":
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setMinimumContentsLength(14)
        return box
    if isinstance(default, StrEnum):
        box = QComboBox()
        for choice in type(default):
            box.addItem(choice_text(choice), choice)
        return box
    if isinstance(default, int):
        spin = QSpinBox()
        spin.setRange(0, _LARGEST.get(name, _LARGEST_OTHER))
        spin.setGroupSeparatorShown(True)
        return spin
    return QLineEdit()


def show_value(editor: Editor, value: object) -> None:
    """Fill an input."""
    if isinstance(editor, SegmentedChoice):
        editor.set_value(value)
    elif isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif isinstance(editor, QSpinBox):
        assert isinstance(value, int)
        editor.setValue(value)
    elif isinstance(editor, QLineEdit):
        editor.setText(value_text(value))
    elif editor.isEditable():
        editor.setCurrentText(str(value))
    else:
        editor.setCurrentIndex(editor.findData(value))


def read_value(editor: Editor, default: object) -> object:
    """The value shown.

    Raises:
        ValueError: If it is no number where one is wanted.
    """
    if isinstance(editor, SegmentedChoice):
        return editor.value()
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QSpinBox):
        return editor.value()
    if isinstance(editor, QLineEdit):
        return float(editor.text().strip().replace(",", "."))
    if editor.isEditable():
        return editor.currentText()
    return type(default)(editor.currentData())  # type: ignore[call-arg]


def value_text(value: object) -> str:
    """A value in words: numbers short, choices as they are offered."""
    if isinstance(value, StrEnum):
        return choice_text(value)
    if isinstance(value, bool):
        return _tr("on") if value else _tr("off")
    return f"{value:g}" if isinstance(value, float) else str(value)


def offer_devices(editor: Editor, num_gpus: int) -> None:
    """Let only those devices be chosen that there are; the others stay in sight."""
    assert isinstance(editor, QComboBox)
    model = editor.model()
    assert isinstance(model, QStandardItemModel)
    needed = {Device.GPU: 1, Device.ALL_GPUS: 2}
    reasons = {
        Device.GPU: _tr("No GPU was found on this computer"),
        Device.ALL_GPUS: _tr("There is only one GPU on this computer"),
    }
    for row in range(editor.count()):
        device = Device(editor.itemData(row))
        is_there = num_gpus >= needed.get(device, 0)
        reason = reasons[Device.GPU if num_gpus == 0 else device] if not is_there else ""
        model.item(row).setEnabled(is_there)
        editor.setItemData(row, plain_tooltip(reason), Qt.ItemDataRole.ToolTipRole)


def _tr(text: str) -> str:
    return QCoreApplication.translate("SettingEditor", text)
