"""Whether trying values of a setting makes a difference."""

from collections.abc import Collection
from enum import Enum, auto

from core.experiments.ready_made import is_idle
from core.settings.config import SETTINGS, TrainConfig
from core.settings.setting import Need, Stage

_CHANGES = {name for name, each in SETTINGS.items() if each.need is Need.AUGMENTED_VERSIONS}


class NoEffect(Enum):
    """Why a setting makes no difference."""

    FINE_TUNING = auto()
    """The backbone is not trained."""
    AUGMENTATION = auto()
    """Pictures are not changed."""
    STEPS = auto()
    """An exact fit of the head takes none."""


def no_effect(config: TrainConfig, names: Collection[str], name: str) -> NoEffect | None:
    """Return why all runs would be equal; None if they may differ.

    Args:
        config: The settings that all runs share.
        names: All settings that are tried.
        name: The one of them that is asked about.
    """
    setting = SETTINGS[name]
    if setting.stage is Stage.FINE_TUNING and not (config.fine_tune or "fine_tune" in names):
        return NoEffect.FINE_TUNING
    is_changed = config.augmentation().is_active or not _CHANGES.isdisjoint(names)
    if setting.need is Need.AUGMENTATION and not is_changed:
        return NoEffect.AUGMENTATION
    if "optimizer" not in names and is_idle(config, name):
        return NoEffect.STEPS
    return None
