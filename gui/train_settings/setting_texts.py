"""Numbers of settings as text, and the order of settings in the form."""

from decimal import Decimal, InvalidOperation
from typing import Any

from core.settings.config import SETTINGS
from core.settings.setting import PERCENT, Group, Setting


def settings_by_group() -> dict[Group, list[str]]:
    """Return names of settings by group, both from top to bottom."""
    return {
        group: [name for name, setting in SETTINGS.items() if setting.group is group]
        for group in Group
    }


def number_text(setting: Setting, number: float) -> str:
    """Return a number for a setting's input, without an exponent."""
    if isinstance(number, int) and setting.kind is int:
        return f"{number:,}"
    exact = Decimal(str(number))
    if setting.unit == PERCENT:
        exact *= 100
    # Not `normalize`, which writes 100 as 1E+2.
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_number(setting: Setting, text: str) -> float:
    """Return the value of a text from `number_text`; a comma may replace the point.

    Raises:
        ValueError: If it is not a number.
    """
    try:
        exact: Any = Decimal(text.strip().replace(",", "."))
        return float(exact / 100 if setting.unit == PERCENT else exact)
    except (InvalidOperation, OverflowError) as error:
        raise ValueError(f"{text!r} is no number") from error
