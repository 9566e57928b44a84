"""What is wrong with settings as they are typed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from core.settings.config import TrainConfig

_DEFAULTS = TrainConfig()
_TINY_SHARE = 1e-9
_RANGE = re.compile(r"must lie in ([\[(])(\S+), (\S+)([\])])")


def config_errors(values: dict[str, Any]) -> dict[str, str]:
    """What `TrainConfig` says about each value, tried one by one so that all are named."""
    errors = {}
    for name in values:
        candidate = {name: values[name]}
        # What the two shares leave over is judged once, with the first of them.
        if name == "validation_split" and "test_split" in values:
            candidate["test_split"] = values["test_split"]
        elif name == "test_split":
            candidate["validation_split"] = _TINY_SHARE
        try:
            replace(_DEFAULTS, **candidate)
        except ValueError as error:
            errors[name] = _plain(str(error))
    return errors


def fault_text(faults: Mapping[str, str]) -> str:
    """What has to be mended; "" for nothing.

    Args:
        faults: What is wrong, by the name of the setting as shown, the first one first.
    """
    if not faults:
        return ""
    name, fault = next(iter(faults.items()))
    text = QCoreApplication.translate("ConfigErrors", "Mend “%1”: %2")
    return text.replace("%1", name).replace("%2", f"{fault[:1].lower()}{fault[1:]}")


def _plain(message: str) -> str:
    """`TrainConfig`'s message without the field's name and the value, which are in sight."""
    rule = message.partition("` ")[2].partition(". Received")[0]
    rule = _RANGE.sub(_range_in_words, rule)
    return f"{rule[:1].upper()}{rule[1:]}.".replace("`", "")


def _range_in_words(match: re.Match[str]) -> str:
    opening, low, high, closing = match.groups()
    upper = f"at most {high}" if closing == "]" else f"below {high}"
    if opening == "(":
        return f"must be above {low} and {upper}"
    return f"must be from {low} to {high if closing == ']' else upper}"
