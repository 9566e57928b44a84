"""The record of a setting, the rules for its values, and the error when one is broken."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import Enum, StrEnum, auto
from typing import Any, TypeAlias, TypeVar

_T = TypeVar("_T")
_RECORD = "setting"
PERCENT = "%"
"""The unit of a fraction that the window shows in hundredths."""


class Stage(Enum):
    """Which part of a training follows a setting."""

    HEAD = auto()
    FINE_TUNING = auto()
    BOTH = auto()


class Group(Enum):
    """Parts of the form, from top to bottom."""

    MODE = auto()
    FINE_TUNING = auto()
    BASICS = auto()
    LEARNING = auto()
    OVERFITTING = auto()
    AUGMENTATION = auto()
    PICTURES = auto()
    DEVICE = auto()

    @property
    def heading(self) -> str:
        """Its heading, untranslated; "" for settings that are always in sight."""
        return _HEADINGS.get(self, "")


_HEADINGS = {
    Group.FINE_TUNING: "Fine-tuning",
    Group.LEARNING: "How it learns",
    Group.OVERFITTING: "Against overfitting",
    Group.AUGMENTATION: "Augmentation",
    Group.PICTURES: "Pictures",
    Group.DEVICE: "Device",
}


class Need(Enum):
    """What a setting has no effect without."""

    GPU = auto()
    AUGMENTATION = auto()
    """At least one random change to pictures."""
    AUGMENTED_VERSIONS = auto()
    """Fine-tuning, or augmented versions of the pictures that the head learns from."""


@dataclass(frozen=True, slots=True)
class KindRule:
    """A value is of one type; whole numbers do for `float`."""

    kind: type

    def holds(self, value: object) -> bool:
        """Whether a value follows the rule."""
        if self.kind in (int, float):
            numbers = int if self.kind is int else int | float
            return isinstance(value, numbers) and not isinstance(value, bool)
        return isinstance(value, self.kind)

    def words(self, _named: Callable[[str], str]) -> str:
        """The rule, to follow the setting's name."""
        kinds = {int: "a whole number", float: "a number", bool: "true or false", str: "a text"}
        return f"must be {kinds.get(self.kind, f'a {self.kind.__name__}')}"


@dataclass(frozen=True, slots=True)
class ChoiceRule:
    """A value is one of some texts."""

    choices: tuple[str, ...]

    def holds(self, value: object) -> bool:
        """Whether a value follows the rule."""
        return value in self.choices

    def words(self, _named: Callable[[str], str]) -> str:
        """The rule, to follow the setting's name."""
        return f"must be one of {', '.join(self.choices)}"


@dataclass(frozen=True, slots=True)
class NonBlankRule:
    """A text holds more than spaces."""

    def holds(self, value: object) -> bool:
        """Whether a value follows the rule; it must be a text."""
        assert isinstance(value, str)
        return bool(value.strip())

    def words(self, _named: Callable[[str], str]) -> str:
        """The rule, to follow the setting's name."""
        return "must be named"


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

    def words(self, _named: Callable[[str], str]) -> str:
        """The rule, to follow the setting's name."""
        low = f"{self.low:,}"
        if self.high is None:
            return f"must be above {low}" if self.excludes_low else f"must be at least {low}"
        high = f"below {self.high:,}" if self.excludes_high else f"at most {self.high:,}"
        if self.excludes_low:
            return f"must be above {low} and {high}"
        return f"must be from {low} to {high.removeprefix('at most ')}"


@dataclass(frozen=True, slots=True)
class SumRule:
    """Two fractions leave pictures to train on: together they are below 1.

    Attributes:
        other: Name of the other setting.
    """

    other: str

    def words(self, named: Callable[[str], str]) -> str:
        """The rule, to follow the setting's name."""
        return f"and {named(self.other)} must leave pictures to train on"


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
        return f"{self.fault(lambda name: f'`{name}`')}. Received: {self.name}={self.value!r}"

    def fault(self, named: Callable[[str], str]) -> str:
        """What is wrong, in English and without a full stop.

        Args:
            named: What to call a setting, by the name of its field.
        """
        return f"{named(self.name)} {self.rule.words(named)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """All that is known about one field of `TrainConfig`, beside its name. Texts are English.

    Attributes:
        default: Its value unless chosen; its type is that of all values.
        label: What the window calls it.
        unit: What its number counts; `PERCENT` for a fraction shown in hundredths; "" for none.
        explanation: One plain line under its input in the window.
        option_help: One plain line on the command line.
        group: Where it stands in the form; there, settings keep the order of the fields.
        stage: Which part of a training follows it.
        rule: What holds of values of the right kind, if anything does.
        is_kept: Whether presets leave it alone, because it is about the pictures or the computer.
        need: What it has no effect without.
    """

    default: Any
    label: str
    explanation: str
    option_help: str
    group: Group
    unit: str = ""
    stage: Stage = Stage.BOTH
    rule: RangeRule | NonBlankRule | None = None
    is_kept: bool = False
    need: Need | None = None

    @property
    def kind(self) -> type:
        """The type of its values."""
        return type(self.default)

    def broken_rule(self, value: object) -> Rule | None:
        """The first rule that a value breaks; None if it can be used."""
        kind = KindRule(self.kind)
        if not kind.holds(value):
            return kind
        return self.rule if self.rule is not None and not self.rule.holds(value) else None

    def from_json(self, name: str, value: object) -> object:
        """A value from JSON, where choices are texts.

        Args:
            name: Of the setting, for the error.

        Raises:
            SettingError: If it is no choice that there is.
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
    label: str,
    explanation: str,
    option_help: str,
    group: Group,
    unit: str = "",
    stage: Stage = Stage.BOTH,
    rule: RangeRule | NonBlankRule | None = None,
    is_kept: bool = False,
    need: Need | None = None,
) -> _T:
    """A field of `TrainConfig` with its default and its record; see `Setting`."""
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
    )
    return field(default=default, metadata={_RECORD: record})


def settings_of(config_class: type) -> dict[str, Setting]:
    """The records of a class whose fields are made by `setting`, in their order."""
    return {each.name: each.metadata[_RECORD] for each in fields(config_class)}
