"""What is wrong with settings as they are typed."""

from dataclasses import replace
from typing import Any

from core.config import TrainConfig

_DEFAULTS = TrainConfig()
_TINY_SHARE = 1e-9


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


def _plain(message: str) -> str:
    """`TrainConfig`'s message without the field's name and the value, which are in sight."""
    rule = message.partition("` ")[2].partition(". Received")[0]
    return f"{rule[:1].upper()}{rule[1:]}.".replace("`", "")
