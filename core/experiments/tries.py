"""The values of a setting that an experiment tries: a list, or a range to search."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from core.errors import ExperimentError
from core.settings.config import SETTINGS, setting_errors
from core.settings.setting import Setting, SettingError
from core.settings.setting_words import option_of
from core.text import Text

_RANGE = ".."
_LOG = "log:"
_NONE = "none"  # of a setting that may be empty, since a list holds no empty value
_SWITCH = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class ValueList:
    """Some values of a setting.

    Attributes:
        name: The setting's field in `TrainConfig`.
        values: At least one, each once.
    """

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ValueRange:
    """All values of a numeric setting from one to another.

    Attributes:
        name: The setting's field in `TrainConfig`.
        is_log: Whether equal factors count the same, and not equal differences.
    """

    name: str
    low: int | float
    high: int | float
    is_log: bool = False


Tried: TypeAlias = ValueList | ValueRange
NameOf: TypeAlias = Callable[[str], str]


def parse_try(text: str, name_of: NameOf = option_of) -> Tried:
    """Read `NAME=A,B`, `NAME=A..B` or `NAME=log:A..B`.

    Args:
        name_of: Returns how messages call a setting, by its field.

    Raises:
        ExperimentError: If there is no such setting, or it can't have such a value.
    """
    option, sign, values = text.partition("=")
    if not sign:
        raise ExperimentError(Text("“%1” has no values: write NAME=A,B or NAME=A..B.", text))
    name = setting_name(option)
    setting, is_log = SETTINGS[name], values.startswith(_LOG)
    is_number = setting.kind in (int, float)
    if is_log or (is_number and _RANGE in values):
        return _range(name, values.removeprefix(_LOG), name_of, is_log=is_log)
    parts = [part.strip() for part in values.split(",")]
    if not all(parts):
        raise ExperimentError(Text("A value is missing in “%1”.", text))
    return value_list(name, [_read(name, setting, part, name_of) for part in parts], name_of)


def value_list(name: str, values: Sequence[Any], name_of: NameOf = option_of) -> ValueList:
    """Make a list of values, in the types of the setting; each is tried once.

    Raises:
        ExperimentError: If the setting can't have one of them, or there is none.
    """
    checked = tuple(dict.fromkeys(_checked(name, value, name_of) for value in values))
    if not checked:
        raise ExperimentError(Text("No value of “%1” is given.", name_of(name)))
    return ValueList(name, checked)


def value_range(
    name: str, low: float, high: float, name_of: NameOf = option_of, *, is_log: bool = False
) -> ValueRange:
    """Make a range.

    Raises:
        ExperimentError: If the setting has no such range.
    """
    option = name_of(name)
    if SETTINGS[name].kind not in (int, float):
        raise ExperimentError(Text("“%1” is no number and has no range: list its values.", option))
    low, high = _checked(name, low, name_of), _checked(name, high, name_of)
    if low >= high:
        raise ExperimentError(
            Text("The range of “%1” must go from a smaller value to a larger one.", option)
        )
    if is_log and low <= 0:
        raise ExperimentError(Text("A range in powers must begin above 0: “%1”.", option))
    return ValueRange(name, low, high, is_log)


def setting_name(option: str) -> str:
    """Return the field of a setting, by the name of its option.

    Raises:
        ExperimentError: If there is none, or it isn't for trying.
    """
    name = option.strip().removeprefix("--").replace("-", "_")
    stored = {each.stored_as: field for field, each in SETTINGS.items() if each.stored_as}
    name = stored.get(name, name)
    if name == "seed":
        raise ExperimentError(Text("To try several seeds, set their number: --seeds."))
    if name not in SETTINGS:
        raise ExperimentError(
            Text(
                "There is no setting “%1”. `fieldguide train --help` lists them all.",
                option.strip(),
            )
        )
    return name


def try_to_json_dict(tried: Tried) -> dict[str, Any]:
    """Return the values of a try as plain JSON."""
    if isinstance(tried, ValueList):
        return {"setting": tried.name, "values": list(tried.values)}
    return {
        "setting": tried.name,
        "low": tried.low,
        "high": tried.high,
        "log": tried.is_log,
    }


def try_from_json_dict(content: dict[str, Any]) -> Tried:
    """Read `try_to_json_dict`'s values.

    Raises:
        ExperimentError: If the setting can't have them.
        KeyError, TypeError: If something is missing.
    """
    name = setting_name(content["setting"])
    if "values" in content:
        return value_list(name, content["values"])
    return value_range(name, content["low"], content["high"], is_log=bool(content["log"]))


def _range(name: str, text: str, name_of: NameOf, *, is_log: bool) -> ValueRange:
    ends = [end.strip() for end in text.split(_RANGE)]
    if len(ends) != 2 or not all(ends):
        raise ExperimentError(Text("“%1” is no range: write A..B or log:A..B.", text))
    setting = SETTINGS[name]
    if setting.kind not in (int, float):
        raise ExperimentError(
            Text("“%1” is no number and has no range: list its values.", name_of(name))
        )
    low, high = (_read(name, setting, end, name_of) for end in ends)
    return value_range(name, low, high, name_of, is_log=is_log)


def _read(name: str, setting: Setting, text: str, name_of: NameOf) -> Any:  # noqa: ANN401 - of any type
    """Read a value as its option on the command line does."""
    try:
        if setting.kind is bool:
            return _SWITCH[text.lower()]
        if setting.kind in (int, float):
            number = setting.kind(text)
            if not math.isfinite(number):
                raise ValueError
            return number
    except (ValueError, KeyError) as error:
        raise ExperimentError(Text("“%1” is no value of “%2”.", text, name_of(name))) from error
    return "" if text == _NONE and setting.default == "" else text


def _checked(name: str, value: Any, name_of: NameOf) -> Any:  # noqa: ANN401 - of any type
    """Return a value in the setting's own type.

    Raises:
        ExperimentError: If the setting can't have it.
    """
    setting = SETTINGS[name]
    try:
        value = setting.from_json(name, value)
        if setting.kind is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        for error in setting_errors({name: value}):
            raise error
    except (SettingError, OverflowError) as error:
        fault = str(error)
        if isinstance(error, SettingError):
            fault = error.fault(lambda field: f"“{name_of(field)}”")
        shown = value.value if isinstance(value, StrEnum) else str(value)
        raise ExperimentError(Text("%1 Received: %2", fault, shown)) from error
    return value
