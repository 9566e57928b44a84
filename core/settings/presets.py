"""Presets: settings of a training, by how thorough it is."""

from dataclasses import replace
from typing import Any

from core.choice import Choice
from core.data.pixels.augmentation import Flip
from core.settings.choices import Optimizer, Schedule
from core.settings.config import DEFAULT_BACKBONE, SETTINGS, TrainConfig
from core.text import Text


class Preset(Choice):
    """A choice between speed and accuracy."""

    @property
    def explanation(self) -> Text:
        """What it does, in a sentence."""
        return _EXPLANATIONS[self]

    QUICK = "quick", Text("Quick")
    BALANCED = "balanced", Text("Balanced")
    ACCURATE = "accurate", Text("Accurate")
    THOROUGH = "thorough", Text("Thorough")


_LARGE_BACKBONE = "efficientnet-lite2"
# What larger images are known to be good for; others may be made for larger ones, or for one size.
_ENLARGED = (DEFAULT_BACKBONE, "efficientnet-lite1", _LARGE_BACKBONE)

# By preset, the settings that differ from the defaults.
_SETTINGS: dict[Preset, dict[str, Any]] = {
    Preset.QUICK: {"optimizer": Optimizer.ADAM, "epochs": 20, "early_stopping_patience": 5},
    Preset.BALANCED: {},
    # A larger image brings more than the second backbone; docs/benchmarks.md has both.
    Preset.ACCURATE: {"second_backbone": _LARGE_BACKBONE, "image_size": 300},
    # Half of the layers takes half the time, and on the flowers was as good as all of them.
    Preset.THOROUGH: {
        "schedule": Schedule.COSINE,
        "fine_tune": True,
        "fine_tune_epochs": 6,
        "fine_tune_learning_rate": 1e-4,
        "fine_tune_fraction": 0.5,
        "flip": Flip.HORIZONTAL,
        "rotation": 10.0,
        "crop": 0.2,
        "brightness": 0.1,
        "contrast": 0.1,
        "saturation": 0.1,
        "augmented_versions": 0,
    },
}

_EXPLANATIONS = {
    Preset.QUICK: Text("Trains the last layer in 20 short passes, for a first impression."),
    Preset.BALANCED: Text(
        "Fits the last layer exactly to the features of one backbone: right for most pictures."
    ),
    Preset.ACCURATE: Text(
        "Fits the last layer to the features of two backbones, or of larger pictures: slower, "
        "mostly more accurate."
    ),
    Preset.THOROUGH: Text(
        "Also trains half of the backbone, on changed pictures: slowest, for pictures unlike "
        "everyday photographs."
    ),
}


def apply_preset(preset: Preset, config: TrainConfig) -> TrainConfig:
    """Return the settings of a preset; those about the images or the computer stay."""
    defaults: dict[str, Any] = {
        name: setting.default for name, setting in SETTINGS.items() if not setting.is_kept
    }
    settings = defaults | _SETTINGS[preset]
    if settings["second_backbone"] == config.backbone:
        settings["second_backbone"] = DEFAULT_BACKBONE
    if config.backbone not in _ENLARGED:
        settings["image_size"] = 0
    return replace(config, **settings)


def preset_of(config: TrainConfig) -> Preset | None:
    """Return the preset that the settings are those of; None if the user changed them."""
    return next((preset for preset in Preset if apply_preset(preset, config) == config), None)


def nearest_preset(config: TrainConfig) -> Preset:
    """Return the preset that differs in the fewest settings from these."""
    # Of two as near, the one that most users know.
    return min(Preset, key=lambda each: (len(changed_from(each, config)), each != Preset.BALANCED))


def changed_from(preset: Preset, config: TrainConfig) -> list[str]:
    """Return the names of settings that differ from those of a preset."""
    wanted = apply_preset(preset, config)
    return [name for name in SETTINGS if getattr(wanted, name) != getattr(config, name)]


def changed_beside(config: TrainConfig) -> list[str]:
    """Return the names of settings that presets leave alone and that differ from the defaults."""
    return [
        name
        for name, setting in SETTINGS.items()
        if setting.is_kept and getattr(config, name) != setting.default
    ]
