"""Settings and their values as users read and type them."""

from collections.abc import Hashable

from core.choice import Choice
from core.settings.setting import PERCENT, Setting
from core.text import Text, decimal_text


def option_of(name: str) -> str:
    """Return what a setting is called on the command line, by the name of its field."""
    return name.replace("_", "-")


def option_name(name: str) -> str:
    """Return the option of a setting, by the name of its field."""
    return f"--{option_of(name)}"


def value_text(setting: Setting | None, value: object) -> str:
    """Write a value: "on", "0.001", "20%", or the text of a choice; words are a `Text`.

    Args:
        setting: None for a setting of another version.
        value: As it is, or as it is stored.
    """
    # What is stored elsewhere may be of any type.
    if setting is not None and isinstance(value, Hashable) and value in setting.words:
        return setting.words[value]
    if isinstance(value, bool):
        return Text("on") if value else Text("off")
    if isinstance(value, int | float):
        if setting is not None and setting.unit == PERCENT:
            return f"{100 * value:g}%"
        return decimal_text(float(value)).removesuffix(".0")
    if setting is not None and issubclass(setting.kind, Choice) and value in set(setting.kind):
        return setting.kind(str(value)).text or str(value)
    return str(value)
