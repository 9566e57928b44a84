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
