from dataclasses import replace

import pytest

from core.data.pixels.decoder import ResizeMode
from core.settings.choices import ClassWeighting, Device
from core.settings.config import SETTINGS, TrainConfig
from core.settings.presets import (
    Preset,
    apply_preset,
    changed_beside,
    changed_from,
    nearest_preset,
    preset_of,
)

OWN = TrainConfig(
    backbone="mine",
    resize_mode=ResizeMode.PAD,
    class_weights=ClassWeighting.BALANCED,
    validation_split=0.2,
    test_split=0.0,
    device=Device.CPU,
    mixed_precision=False,
    seed=7,
)
KEPT = {
    "backbone",
    "resize_mode",
    "class_weights",
    "validation_split",
    "test_split",
    "images_per_class",
    "device",
    "mixed_precision",
    "seed",
}


def test_balanced_is_the_defaults():
    assert apply_preset(Preset.BALANCED, TrainConfig()) == TrainConfig()
    assert preset_of(TrainConfig()) is Preset.BALANCED


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_keeps_what_is_about_images_and_computer(preset):
    chosen = apply_preset(preset, OWN)
    for name in KEPT:
        assert getattr(chosen, name) == getattr(OWN, name)


def test_what_presets_keep_is_told_by_the_records():
    assert {name for name, setting in SETTINGS.items() if setting.is_kept} == KEPT


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_is_recognised_until_a_setting_of_its_is_changed(preset):
    chosen = apply_preset(preset, OWN)
    assert preset_of(chosen) is preset
    assert preset_of(replace(chosen, seed=8, backbone="other")) is preset
    assert preset_of(replace(chosen, learning_rate=0.5)) is None


def test_presets_take_each_other_back():
    for preset in Preset:
        again = apply_preset(Preset.BALANCED, apply_preset(preset, OWN))
        assert again == apply_preset(Preset.BALANCED, OWN)


def test_thorough_changes_images_and_trains_the_backbone():
    thorough = apply_preset(Preset.THOROUGH, TrainConfig())
    assert thorough.fine_tune
    assert thorough.augmentation().is_active
    assert apply_preset(Preset.QUICK, TrainConfig()).epochs < TrainConfig().epochs


@pytest.mark.parametrize(("backbone", "image_size"), [("efficientnet-lite1", 300), ("own", 0)])
def test_only_backbones_that_are_known_for_it_get_larger_images(backbone, image_size):
    config = apply_preset(Preset.ACCURATE, TrainConfig(backbone=backbone))
    assert config.image_size == image_size
    assert preset_of(config) is Preset.ACCURATE
    assert apply_preset(Preset.BALANCED, config) == TrainConfig(backbone=backbone)


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_with_a_change_is_still_the_nearest(preset):
    config = replace(apply_preset(preset, TrainConfig()), label_smoothing=0.3)
    assert nearest_preset(config) is preset
    assert changed_from(preset, config) == ["label_smoothing"]


def test_settings_beside_presets_are_those_that_they_leave_alone():
    config = TrainConfig(seed=4, epochs=9)
    assert changed_beside(config) == ["seed"]
    assert nearest_preset(config) is Preset.BALANCED
