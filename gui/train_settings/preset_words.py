"""Says what a preset does, and in what the settings differ from it."""

from collections.abc import Sequence

from core.settings.config import SETTINGS, TrainConfig
from core.settings.presets import changed_beside, changed_from, nearest_preset, preset_of
from gui.look.language import shown, tr
from gui.train_settings.choice_texts import choice_text
from gui.train_settings.setting_editor import value_text
from gui.train_settings.setting_relevance import hidden_settings

_MOST_NAMED = 6


def preset_explanation(config: TrainConfig) -> str:
    """Return what training with these settings does, by the preset that is nearest to them."""
    return shown(nearest_preset(config).explanation)


def differences(config: TrainConfig) -> str:
    """Return in what settings differ from a preset, and from the defaults where those keep them.

    Returns:
        Up to two lines; "" without a difference.
    """
    lines = []
    preset = nearest_preset(config)
    if preset_of(config) is None:
        changed = _listed(changed_from(preset, config), config)
        lines.append(tr("Like “%1”, except for %2.", choice_text(preset), changed))
    if beside := changed_beside(config):
        lines.append(tr("Also changed: %1.", _listed(beside, config)))
    return "\n".join(lines)


def _listed(names: Sequence[str], config: TrainConfig) -> str:
    hidden = hidden_settings(config)
    # Those without an effect now only if there are no others.
    found = [name for name in names if name not in hidden] or names
    listed = ", ".join(_worded(name, config) for name in found[:_MOST_NAMED])
    more = len(found) - _MOST_NAMED
    return tr("%1 and %2 more", listed, more) if more > 0 else listed


def _worded(name: str, config: TrainConfig) -> str:
    setting, value = SETTINGS[name], getattr(config, name)
    if name == "fine_tune":
        text = tr("Fine-tune") if value else tr("Fast")
    else:
        text = value_text(setting, value)
    return tr("%1: %2", shown(setting.label), text)
