"""Values of settings in words, as tables and names of runs have them."""

from typing import Any

from core.settings import setting_words
from core.settings.config import SETTINGS


def label_of(name: str) -> str:
    """Return the name of a setting for users, a `Text`."""
    return SETTINGS[name].label


def value_text(name: str, value: object) -> str:
    """Return a value of a setting for users; words are a `Text`."""
    return setting_words.value_text(SETTINGS[name], value)


def settings_text(settings: dict[str, Any]) -> str:
    """Return the settings of a run in English, such as "Batch size 4, Learning rate 0.001"."""
    return ", ".join(f"{label_of(name)} {value_text(name, settings[name])}" for name in settings)
