from dataclasses import replace

import pytest

from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset
from gui.train_settings.preset_words import differences, preset_explanation


@pytest.mark.parametrize("preset", Preset)
def test_a_preset_differs_from_itself_in_nothing(preset):
    config = apply_preset(preset, TrainConfig())
    assert differences(config) == ""
    assert preset_explanation(config) == preset.explanation


def test_what_differs_from_the_nearest_preset_is_named():
    config = replace(apply_preset(Preset.THOROUGH, TrainConfig()), fine_tune_epochs=3, rotation=0.0)
    assert differences(config) == (
        "Like “Thorough”, except for Fine-tuning epochs: 3, Rotation: 0."
    )
    assert preset_explanation(config) == Preset.THOROUGH.explanation
    tuned = replace(TrainConfig(), fine_tune=True)
    assert differences(tuned) == "Like “Balanced”, except for Mode: Fine-tune."


def test_settings_that_presets_leave_alone_are_named_too():
    config = TrainConfig(backbone="inception-v3", seed=7)
    assert differences(config) == "Also changed: Backbone: inception-v3, Seed: 7."


def test_settings_without_an_effect_are_named_only_if_there_are_no_others():
    idle = TrainConfig(batch_size=8)  # no steps are taken
    assert differences(idle) == "Like “Balanced”, except for Batch size: 8."
    assert differences(replace(idle, epochs=9)) == "Like “Balanced”, except for Epochs: 9."


def test_many_differences_are_counted():
    config = TrainConfig(
        optimizer=Optimizer.ADAM,
        epochs=7,
        batch_size=8,
        dropout=0.5,
        l2=0.0,
        hidden_units=64,
        learning_rate=0.1,
        ema_decay=0.9,
    )
    assert differences(config).endswith(" and 2 more.")
