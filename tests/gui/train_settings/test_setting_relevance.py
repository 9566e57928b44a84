from dataclasses import replace

import pytest

from core.data.pixels.augmentation import Flip
from core.settings.choices import Features, Optimizer
from core.settings.config import DEFAULT_BACKBONE, SETTINGS, TrainConfig
from core.settings.setting import Stage
from gui.train_settings.setting_relevance import (
    batch_norm_note,
    epochs_explanation,
    hidden_settings,
    idle_reasons,
    optimizer_note,
    preview_note,
    second_backbone_note,
    unseen_changes,
)


def test_chosen_changes_are_for_nothing_without_copies_and_fine_tuning():
    config = TrainConfig(flip=Flip.BOTH, crop=0.2, augmented_versions=0)
    reasons = unseen_changes(config)
    assert set(reasons) == {"flip", "crop"}
    assert set(reasons.values()) == {preview_note(config)}
    assert "Augmented versions is 0. Set it to 1 or more" in preview_note(config)


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(crop=0.2, augmented_versions=1),
        TrainConfig(crop=0.2, augmented_versions=0, fine_tune=True),
        TrainConfig(augmented_versions=0),
        TrainConfig(augmented_versions=0, mixup=0.2),
    ],
)
def test_what_has_an_effect_or_is_not_chosen_is_left_alone(config):
    assert unseen_changes(config) == {}
    assert preview_note(config) == ""


def test_mixup_has_an_effect_of_its_own():
    config = TrainConfig(crop=0.2, mixup=0.2, augmented_versions=0)
    assert set(unseen_changes(config)) == {"crop"}
    assert preview_note(config).startswith("Only mixup")


STEPS_OF_BOTH = {
    "batch_size",
    "schedule",
    "dropout",
    "l2",
    "clip_norm",
    "ema_decay",
    "early_stopping_patience",
}


def stepless(config: TrainConfig) -> set[str]:
    reasons = idle_reasons(config, num_gpus=1)
    return {name for name, reason in reasons.items() if "without steps" in reason}


def test_settings_of_steps_have_no_effect_on_an_exact_fit():
    config = TrainConfig(optimizer=Optimizer.LBFGS)
    assert stepless(config) == {"learning_rate", *STEPS_OF_BOTH}
    assert optimizer_note(config) == ""
    assert stepless(TrainConfig(optimizer=Optimizer.ADAM)) == set()


def test_fine_tuning_after_an_exact_fit_takes_steps():
    assert stepless(TrainConfig(optimizer=Optimizer.LBFGS, fine_tune=True)) == {"learning_rate"}


def test_what_turns_an_exact_fit_off_is_told_at_the_optimizer():
    config = TrainConfig(optimizer=Optimizer.LBFGS, hidden_units=8)
    assert stepless(config) == set()
    assert "Adam" in optimizer_note(config)
    assert optimizer_note(TrainConfig(optimizer=Optimizer.ADAM, hidden_units=8)) == ""


def test_settings_of_steps_and_stages_that_are_not_taken_are_hidden():
    tuning = {name for name, each in SETTINGS.items() if each.stage is Stage.FINE_TUNING}
    assert hidden_settings(TrainConfig()) == {"learning_rate", *STEPS_OF_BOTH, *tuning}
    assert hidden_settings(TrainConfig(fine_tune=True)) == {"learning_rate"}
    assert hidden_settings(TrainConfig(optimizer=Optimizer.ADAM)) == tuning
    assert hidden_settings(TrainConfig(optimizer=Optimizer.ADAM, fine_tune=True)) == set()


def test_epochs_of_an_exact_fit_are_iterations():
    assert "iterations" in epochs_explanation(TrainConfig())
    by_steps = epochs_explanation(TrainConfig(optimizer=Optimizer.ADAM))
    assert by_steps == SETTINGS["epochs"].explanation


def test_the_same_backbone_twice_is_told():
    twice = TrainConfig(second_backbone=f" {DEFAULT_BACKBONE} ")
    assert "first backbone" in second_backbone_note(twice)
    assert second_backbone_note(TrainConfig(second_backbone="efficientnet-lite2")) == ""
    assert second_backbone_note(TrainConfig()) == ""


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, True),
        ({"features": Features.LAST}, False),
        ({"features": Features.LAST, "second_backbone": "efficientnet-lite2"}, True),
        ({"fine_tune": False}, False),
        ({"train_batch_norm": False}, False),
    ],
)
def test_batch_norm_that_cannot_be_trained_is_told(changes, is_told):
    config = replace(TrainConfig(fine_tune=True, train_batch_norm=True), **changes)
    assert ("keeps its averages" in batch_norm_note(config)) is is_told
