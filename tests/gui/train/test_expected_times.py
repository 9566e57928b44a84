import pytest

from core.settings.choices import Features
from core.settings.config import TrainConfig
from core.settings.presets import Preset
from gui.train.expected_times import ExpectedTimes


def test_presets_take_longer_the_more_thorough_they_are():
    times = ExpectedTimes().of_presets(TrainConfig(), 2000)
    in_order = [times[preset] for preset in Preset]
    assert in_order == sorted(in_order)
    assert times[Preset.ACCURATE] > 2 * times[Preset.BALANCED]


def test_images_whose_features_are_known_save_time():
    times, config = ExpectedTimes(), TrainConfig()
    before = times.seconds(config, 2000)
    times.note_images(config, 2000)
    assert times.seconds(config, 2000) < before
    assert times.seconds(TrainConfig(backbone="other"), 2000) == before


@pytest.mark.parametrize(
    "changes", [{"features": Features.LAST}, {"second_backbone": "efficientnet-lite2"}]
)
def test_other_features_of_the_same_images_are_not_known(changes):
    times, config = ExpectedTimes(), TrainConfig(**changes)
    before = times.seconds(config, 2000)
    times.note_images(TrainConfig(), 2000)
    assert times.seconds(config, 2000) == before
    times.note_images(config, 2000)
    assert times.seconds(config, 2000) < before


def test_nothing_takes_no_time_at_all():
    assert ExpectedTimes().seconds(TrainConfig(epochs=1), 0) >= 1.0
