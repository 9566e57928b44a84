"""Settings and their values as users read and type them."""

from core.choice import Choice
from core.settings.setting import PERCENT, Setting
from core.text import decimal_text


def option_name(name: str) -> str:
    """Return the option of a setting, by the name of its field in `TrainConfig`."""
    return "--" + name.replace("_", "-")


def value_text(setting: Setting | None, value: object) -> str:
    """Write a value: "yes", "0.001", "20%", or the text of a choice.

    Args:
        setting: None for a setting of another version.
        value: As it is, or as it is stored.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if setting is not None and setting.unit == PERCENT:
            return f"{100 * value:g}%"
        return decimal_text(float(value)).removesuffix(".0")
    if setting is not None and issubclass(setting.kind, Choice) and value in set(setting.kind):
        return setting.kind(str(value)).text
    return str(value)
