"""Reads the settings from the inputs of the form."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.settings.config import SETTINGS, TrainConfig, setting_errors
from core.settings.setting import Group, KindRule, SettingError
from gui.train_settings.setting_editor import read_value, show_value
from gui.train_settings.setting_relevance import hidden_settings
from gui.widgets.setting_row import SettingRow


def read_rows(
    rows: Mapping[str, SettingRow], last: TrainConfig
) -> tuple[dict[str, Any], dict[str, SettingError]]:
    """Return all values, and the error of each invalid one.

    Hidden settings can't be corrected by the user: those that are hidden and invalid are reset to
    their last valid values.

    Args:
        rows: By name of the setting.
        last: The last valid settings.
    """
    values: dict[str, Any] = {}
    errors: dict[str, SettingError] = {}
    for name, row in rows.items():
        setting = SETTINGS[name]
        try:
            values[name] = read_value(row.editor, setting)
        except ValueError as error:
            errors[name] = SettingError(name, KindRule(setting.kind), str(error))
    errors |= {error.name: error for error in setting_errors(values)}
    for name in errors.keys() & _hidden(values, errors, last):
        del errors[name]
        values[name] = getattr(last, name)
        show_value(rows[name].editor, SETTINGS[name], values[name])
    return values, errors


def _hidden(
    values: Mapping[str, Any], errors: Mapping[str, SettingError], last: TrainConfig
) -> set[str]:
    # Splits are left out: they hide nothing, and a valid one may not go with the last other one.
    valid = {
        name: value
        for name, value in values.items()
        if name not in errors and SETTINGS[name].group is not Group.IMAGES
    }
    return hidden_settings(replace(last, **valid))
