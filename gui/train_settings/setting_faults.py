"""What is wrong with a setting, in a sentence of the window."""

from functools import partial

from core.settings.config import SETTINGS
from core.settings.setting import PERCENT, Setting, SettingError
from gui.look.language import shown
from gui.train_settings.setting_texts import number_text, record_text


def fault_text(error: SettingError) -> str:
    """Say what is wrong, with the setting's label."""
    return shown(error.fault(_label, partial(_number, SETTINGS[error.name])))


def _number(setting: Setting, number: float) -> str:
    text = number_text(setting, number)
    return f"{text}%" if setting.unit == PERCENT else text


def _label(name: str) -> str:
    return record_text(SETTINGS[name].label)
