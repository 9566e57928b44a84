"""What is wrong with a setting, in a sentence of the window."""

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
from gui.look.language import tr
from gui.train_settings.setting_texts import number_text, record_text


def fault_text(error: SettingError) -> str:
    """What is wrong, with the setting's label."""
    label = _label(error.name)
    match error.rule:
        case KindRule(kind):
            return _kind_text(kind).replace("%1", label)
        case ChoiceRule(choices):
            text = tr("%1 must be one of %2.")
            return text.replace("%1", label).replace("%2", ", ".join(choices))
        case NonBlankRule():
            return tr("%1 must not be empty.", label)
        case RangeRule() as rule:
            return _range_text(rule, SETTINGS[error.name]).replace("%1", label)
        case SumRule(other):
            text = tr("%1 and %2 must leave pictures to train on.")
            return text.replace("%1", label).replace("%2", _label(other))
        case _ as unknown:
            assert_never(unknown)


def _kind_text(kind: type) -> str:
    if kind is float:
        return tr("%1 must be a number.")
    if kind is int:
        return tr("%1 must be a whole number.")
    return tr("%1 must be one of the values offered.")


def _range_text(rule: RangeRule, setting: Setting) -> str:
    if rule.high is None:
        text = tr("%1 must be above %2.") if rule.excludes_low else tr("%1 must be at least %2.")
        return text.replace("%2", _number(setting, rule.low))
    texts = {
        (False, False): tr("%1 must be from %2 to %3."),
        (False, True): tr("%1 must be from %2 to below %3."),
        (True, False): tr("%1 must be above %2 and at most %3."),
        (True, True): tr("%1 must be above %2 and below %3."),
    }
    text = texts[rule.excludes_low, rule.excludes_high]
    low, high = _number(setting, rule.low), _number(setting, rule.high)
    return text.replace("%2", low).replace("%3", high)


def _number(setting: Setting, number: float) -> str:
    text = number_text(setting, number)
    return f"{text}%" if setting.unit == PERCENT else text


def _label(name: str) -> str:
    return record_text(SETTINGS[name].label)
