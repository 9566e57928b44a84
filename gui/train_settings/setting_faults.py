"""Says what is wrong with a setting, in a sentence."""

from functools import partial

from core.settings.config import SETTINGS
from core.settings.setting import PERCENT, Setting, SettingError
from gui.look.language import shown, tr
from gui.train_settings.setting_texts import number_text


def fault_text(error: SettingError) -> str:
    """Say what is wrong, with the setting's label."""
    return shown(error.fault(_label, partial(_number, SETTINGS[error.name])))


def _number(setting: Setting, number: float) -> str:
    text = number_text(setting, number)
    return tr("%1%", text) if setting.unit == PERCENT else text


def _label(name: str) -> str:
    return shown(SETTINGS[name].label)
