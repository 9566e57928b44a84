"""The settings in which trainings differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.settings.config import SETTINGS, TrainConfig
from core.text import Text


@dataclass(frozen=True, slots=True)
class SettingDifference:
    """A setting that isn't the same in all trainings.

    Attributes:
        name: Its field in `TrainConfig`.
        label: Its name in the window.
        values: One for each training, in their order.
    """

    name: str
    label: Text
    values: tuple[Any, ...]


def setting_differences(configs: Sequence[TrainConfig]) -> tuple[SettingDifference, ...]:
    """Return the settings that differ, in the order of the records."""
    rows = (
        SettingDifference(name, setting.label, tuple(getattr(config, name) for config in configs))
        for name, setting in SETTINGS.items()
    )
    return tuple(row for row in rows if any(value != row.values[0] for value in row.values))
