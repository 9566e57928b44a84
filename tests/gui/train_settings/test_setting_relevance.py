import pytest

from core.data.pixels.augmentation import Flip
from core.settings.config import TrainConfig
from gui.train_settings.setting_relevance import preview_note, unseen_changes


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
