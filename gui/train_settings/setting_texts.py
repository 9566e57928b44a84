"""The texts of settings in the window, and the order in which settings stand there."""

from decimal import Decimal, InvalidOperation
from typing import Any

from core.settings.config import SETTINGS
from core.settings.setting import PERCENT, Group, Setting
from gui.look.language import shown


def record_text(text: str) -> str:
    """A text of a setting's record in the user's language."""
    return shown(text)


def settings_by_group() -> dict[Group, list[str]]:
    """Names of settings by their part of the form, both from top to bottom."""
    return {
        group: [name for name, setting in SETTINGS.items() if setting.group is group]
        for group in Group
    }


def number_text(setting: Setting, number: float) -> str:
    """A number as it stands in a setting's input: in full, without an exponent."""
    if isinstance(number, int) and setting.kind is int:
        return f"{number:,}"
    exact = Decimal(str(number))
    if setting.unit == PERCENT:
        exact *= 100
    # Not `normalize`, which writes 100 as 1E+2.
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_number(setting: Setting, text: str) -> float:
    """The value that `number_text` would show so; a comma does for the point.

    Raises:
        ValueError: If it is no number.
    """
    try:
        exact: Any = Decimal(text.strip().replace(",", "."))
        return float(exact / 100 if setting.unit == PERCENT else exact)
    except (InvalidOperation, OverflowError) as error:
        raise ValueError(f"{text!r} is no number") from error
