"""Says what is wrong with a setting, in a sentence."""

from typing import assert_never

from core.settings.config import SETTINGS
from core.settings.setting import (
    PERCENT,
    ChoiceRule,
    KindRule,
    NonBlankRule,
    RangeRule,
    Setting,
    SettingError,
    SumRule,
)
from gui.look.language import shown, tr
from gui.train_settings.setting_texts import number_text


def fault_text(error: SettingError) -> str:
    """Return what is wrong, with the setting's label."""
    label = _label(error.name)
    match error.rule:
        case KindRule(kind):
            return _kind_text(kind, label)
        case ChoiceRule(choices):
            return tr("%1 must be one of %2.", label, ", ".join(choices))
        case NonBlankRule():
            return tr("%1 must not be empty.", label)
        case RangeRule() as rule:
            return _range_text(rule, SETTINGS[error.name], label)
        case SumRule(other):
            return tr("%1 and %2 must leave pictures to train on.", label, _label(other))
        case _ as unknown:
            assert_never(unknown)


def _kind_text(kind: type, label: str) -> str:
    if kind is float:
        return tr("%1 must be a number.", label)
    if kind is int:
        return tr("%1 must be a whole number.", label)
    return tr("%1 must be one of the values offered.", label)


def _range_text(rule: RangeRule, setting: Setting, label: str) -> str:
    low = _number(setting, rule.low)
    if rule.high is None:
        if rule.excludes_low:
            return tr("%1 must be above %2.", label, low)
        return tr("%1 must be at least %2.", label, low)
    high = _number(setting, rule.high)
    match rule.excludes_low, rule.excludes_high:
        case False, False:
            return tr("%1 must be from %2 to %3.", label, low, high)
        case False, True:
            return tr("%1 must be from %2 to below %3.", label, low, high)
        case True, False:
            return tr("%1 must be above %2 and at most %3.", label, low, high)
    return tr("%1 must be above %2 and below %3.", label, low, high)


def _number(setting: Setting, number: float) -> str:
    text = number_text(setting, number)
    return tr("%1%", text) if setting.unit == PERCENT else text


def _label(name: str) -> str:
    return shown(SETTINGS[name].label)
