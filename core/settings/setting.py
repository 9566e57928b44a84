"""The record of a setting, the rules for its values, and the error for a broken rule."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum, StrEnum, auto
from typing import Any, TypeAlias, TypeVar, assert_never

from core.text import Text

_T = TypeVar("_T")
_RECORD = "setting"
PERCENT = "%"
"""The unit of a fraction that the window shows in hundredths."""


class Stage(Enum):
    """The part of a training that uses a setting."""

    HEAD = auto()
    FINE_TUNING = auto()
    BOTH = auto()


class Group(Enum):
    """Parts of the form, from top to bottom."""

    MODE = auto()
    FINE_TUNING = auto()
    OPTIMIZER = auto()
    BASICS = auto()
    LEARNING = auto()
    OVERFITTING = auto()
    AUGMENTATION = auto()
    IMAGES = auto()
    DEVICE = auto()

    @property
    def heading(self) -> str:
        """The heading, a `Text`; "" for settings that are always visible."""
        return _HEADINGS.get(self, "")


_HEADINGS = {
    Group.FINE_TUNING: Text("Fine-tuning"),
    Group.LEARNING: Text("How it learns"),
    Group.OVERFITTING: Text("Against overfitting"),
    Group.AUGMENTATION: Text("Augmentation"),
    Group.IMAGES: Text("Pictures"),
    Group.DEVICE: Text("Device"),
}


class Need(Enum):
    """What a setting has no effect without."""

    GPU = auto()
    AUGMENTATION = auto()
    """At least one random change to images."""
    AUGMENTED_VERSIONS = auto()
    """Fine-tuning, or augmented versions of the images that the head learns from."""
    STEPS = auto()
    """Steps: fine-tuning, or a head that isn't fitted exactly."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """A value is of one type; whole numbers are accepted for `float`."""

    kind: type

    def holds(self, value: object) -> bool:
        """Whether a value follows the rule."""
        if self.kind in (int, float):
            numbers = int if self.kind is int else int | float
            return isinstance(value, numbers) and not isinstance(value, bool)
        return isinstance(value, self.kind)


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """A value is one of several strings."""

    choices: tuple[str, ...]

    def holds(self, value: object) -> bool:
        """Whether a value follows the rule."""
        return value in self.choices


@dataclass(frozen=True, slots=True)
class NonBlankRule:
    """A text holds more than spaces."""

    def holds(self, value: object) -> bool:
        """Whether a value follows the rule; it must be a text."""
        assert isinstance(value, str)
        return bool(value.strip())


@dataclass(frozen=True, slots=True)
class RangeRule:
    """A finite number lies in a range.

    Attributes:
        low: The lower end.
        high: The upper end; None for none.
        excludes_low: Whether the lower end itself is too small.
        excludes_high: Whether the upper end itself is too large.
    """

    low: int | float
    high: int | float | None = None
    excludes_low: bool = False
    excludes_high: bool = False

    def holds(self, value: object) -> bool:
        """Whether a value follows the rule; it must be a number."""
        assert isinstance(value, int | float)
        is_above = value > self.low if self.excludes_low else value >= self.low
        if self.high is None:
            return is_above and math.isfinite(value)
        return is_above and (value < self.high if self.excludes_high else value <= self.high)


@dataclass(frozen=True, slots=True)
class SumRule:
    """Two fractions leave images to train on: their sum is below 1.

    Attributes:
        other: Name of the other setting.
    """

    other: str


Rule: TypeAlias = KindRule | ChoiceRule | NonBlankRule | RangeRule | SumRule


class SettingError(ValueError):
    """A setting can't have a value.

    Args:
        name: The setting's field in `TrainConfig`.
        rule: What the value breaks.
        value: As received.
    """

    def __init__(self, name: str, rule: Rule, value: object) -> None:
        super().__init__(name, rule, value)
        self.name, self.rule, self.value = name, rule, value

    def __str__(self) -> str:
        fault = self.fault(lambda name: f"`{name}`")
        return Text("%1 Received: %2", fault, f"{self.name}={self.value!r}")

    def fault(
        self, named: Callable[[str], str], number: Callable[[float], str] = "{:,}".format
    ) -> Text:
        """Say in a sentence what is wrong.

        Args:
            named: Names a setting by the name of its field.
            number: Writes the end of a range.
        """
        name = named(self.name)
        match self.rule:
            case KindRule(kind):
                return _kind_fault(name, kind)
            case ChoiceRule(choices):
                return Text("%1 must be one of %2.", name, ", ".join(choices))
            case NonBlankRule():
                return Text("%1 must not be empty.", name)
            case RangeRule():
                return _range_fault(name, self.rule, number)
            case SumRule(other):
                return Text("%1 and %2 must leave pictures to train on.", name, named(other))
            case _ as unknown:
                assert_never(unknown)


def _kind_fault(name: str, kind: type) -> Text:
    if kind is float:
        return Text("%1 must be a number.", name)
    if kind is int:
        return Text("%1 must be a whole number.", name)
    if kind is bool:
        return Text("%1 must be true or false.", name)
    if kind is str:
        return Text("%1 must be text.", name)
    return Text("%1 must be one of the values offered.", name)


def _range_fault(name: str, rule: RangeRule, number: Callable[[float], str]) -> Text:
    low = number(rule.low)
    if rule.high is None:
        if rule.excludes_low:
            return Text("%1 must be above %2.", name, low)
        return Text("%1 must be at least %2.", name, low)
    high = number(rule.high)
    match rule.excludes_low, rule.excludes_high:
        case False, False:
            return Text("%1 must be from %2 to %3.", name, low, high)
        case False, True:
            return Text("%1 must be from %2 to below %3.", name, low, high)
        case True, False:
            return Text("%1 must be above %2 and at most %3.", name, low, high)
        case _:
            return Text("%1 must be above %2 and below %3.", name, low, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The record of one field of `TrainConfig`.

    Attributes:
        default: Its type is that of all values.
        label: Its name in the window.
        explanation: One line under its input in the window.
        option_help: One line on the command line, never translated.
        group: Its part of the form; there, settings keep the order of the fields.
        unit: Of a number; `PERCENT` for a fraction shown in hundredths; "" for none.
        stage: The part of a training that uses it.
        rule: For values of the right type, if there is one.
        is_kept: Whether presets leave it alone, because it is about the images or the computer.
        need: What it has no effect without.
        stored_as: Its name in files, and an option's older name, where that isn't the field's.
        words: What users read in place of some values, such as "all" for 0.
    """

    default: Any
    label: Text
    explanation: Text
    option_help: str
    group: Group
    unit: str = ""
    stage: Stage = Stage.BOTH
    rule: RangeRule | NonBlankRule | None = None
    is_kept: bool = False
    need: Need | None = None
    stored_as: str = ""
    words: Mapping[object, Text] = field(default_factory=dict)

    @property
    def kind(self) -> type:
        """Type of its values."""
        return type(self.default)

    def broken_rule(self, value: object) -> Rule | None:
        """Return the first rule that a value breaks; None for a valid value."""
        kind = KindRule(self.kind)
        if not kind.holds(value):
            return kind
        return self.rule if self.rule is not None and not self.rule.holds(value) else None

    def from_json(self, name: str, value: object) -> object:
        """Return a value from JSON, where choices are strings.

        Args:
            name: Of the setting, for the error.
            value: As stored.

        Raises:
            SettingError: If there is no such choice.
        """
        if not issubclass(self.kind, StrEnum):
            return value
        rule = ChoiceRule(tuple(map(str, self.kind)))
        if not rule.holds(value):
            raise SettingError(name, rule, value)
        return self.kind(str(value))


def setting(
    default: _T,
    *,
    label: Text,
    explanation: Text,
    option_help: str,
    group: Group,
    unit: str = "",
    stage: Stage = Stage.BOTH,
    rule: RangeRule | NonBlankRule | None = None,
    is_kept: bool = False,
    need: Need | None = None,
    stored_as: str = "",
    words: Mapping[object, Text] | None = None,
) -> _T:
    """Make a field of `TrainConfig` with its record; see `Setting`."""
    record = Setting(
        default=default,
        label=label,
        explanation=explanation,
        option_help=option_help,
        group=group,
        unit=unit,
        stage=stage,
        rule=rule,
        is_kept=is_kept,
        need=need,
        stored_as=stored_as,
        words=words or {},
    )
    return field(default=default, metadata={_RECORD: record})


def settings_of(config_class: type) -> dict[str, Setting]:
    """Return the records of a class whose fields are made by `setting`, in their order."""
    return {each.name: each.metadata[_RECORD] for each in fields(config_class)}
