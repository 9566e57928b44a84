"""Reads the settings that a person has typed."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from core.settings.config import TrainConfig
from gui.train_settings.config_errors import config_errors
from gui.train_settings.setting_editor import read_value, show_value
from gui.train_settings.setting_relevance import FINE_TUNING_SETTINGS
from gui.widgets.setting_row import SettingRow

_DEFAULTS = TrainConfig()


def read_rows(
    rows: Mapping[str, SettingRow], last: TrainConfig
) -> tuple[dict[str, Any], dict[str, str]]:
    """All values, and what is wrong with which of them.

    Nobody can mend what is out of sight: settings of fine-tuning that are hidden and invalid
    are put back to what they were.

    Args:
        rows: By setting.
        last: What was valid last.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, row in rows.items():
        try:
            values[name] = read_value(row.editor, getattr(_DEFAULTS, name))
        except ValueError:
            errors[name] = QCoreApplication.translate("TypedSettings", "Type a number.")
    errors |= config_errors(values)
    if not values["fine_tune"]:
        for name in errors.keys() & set(FINE_TUNING_SETTINGS):
            del errors[name]
            values[name] = getattr(last, name)
            show_value(rows[name].editor, values[name])
    return values, errors
