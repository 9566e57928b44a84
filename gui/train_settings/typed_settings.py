"""Reads the settings from the inputs of the form."""

from collections.abc import Mapping
from typing import Any

from core.settings.config import SETTINGS, TrainConfig, setting_errors
from core.settings.setting import KindRule, SettingError, Stage
from gui.train_settings.setting_editor import read_value, show_value
from gui.widgets.setting_row import SettingRow


def read_rows(
    rows: Mapping[str, SettingRow], last: TrainConfig
) -> tuple[dict[str, Any], dict[str, SettingError]]:
    """Return all values, and the error of each invalid one.

    Hidden settings can't be corrected by the user: those of fine-tuning that are hidden and
    invalid are reset to their last valid values.

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
    if not values["fine_tune"]:
        for name in [name for name in errors if SETTINGS[name].stage is Stage.FINE_TUNING]:
            del errors[name]
            values[name] = getattr(last, name)
            show_value(rows[name].editor, SETTINGS[name], values[name])
    return values, errors
