"""Values of settings in words, as tables and names of runs have them."""

from typing import Any

from core.choice import Choice
from core.settings.config import SETTINGS
from core.text import Text, decimal_text

_MODES = {False: Text("Fast"), True: Text("Fine-tuned")}


def label_of(name: str) -> str:
    """Return the name of a setting for users, a `Text`."""
    return SETTINGS[name].label


def value_text(name: str, value: Any) -> str:  # noqa: ANN401 - of any setting
    """Return a value of a setting for users; words are a `Text`."""
    if name == "fine_tune":
        return _MODES[value]
    if name == "images_per_class" and value == 0:
        return Text("all")
    if isinstance(value, bool):
        return Text("on") if value else Text("off")
    if isinstance(value, Choice):
        return value.text or str(value)
    if isinstance(value, float):
        return decimal_text(value)
    return str(value) or Text("none")


def settings_text(settings: dict[str, Any]) -> str:
    """Return the settings of a run in English, such as "Batch size 4, Learning rate 0.001"."""
    return ", ".join(f"{label_of(name)} {value_text(name, settings[name])}" for name in settings)
