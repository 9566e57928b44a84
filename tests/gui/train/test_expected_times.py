import pytest

from core.runs.speed_record import Speed, record_speed, speed_key
from core.settings.choices import Features
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset
from gui.train.expected_times import ExpectedTimes


def test_presets_take_longer_the_more_thorough_they_are():
    expected, config = ExpectedTimes(), TrainConfig()
    times = {preset: expected.seconds(apply_preset(preset, config), 2000) for preset in Preset}
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


def test_times_are_a_range_until_they_are_measured():
    times, config = ExpectedTimes(), TrainConfig()
    assert " to " in times.text(config, 2000)
    assert all(" to " in text for text in times.of_presets(config, 2000).values())
    record_speed(speed_key(config.backbones, 0), Speed(100.0, 1e-4, 1.0))
    assert " to " not in times.text(config, 2000)
    assert " to " in times.of_presets(config, 2000)[Preset.ACCURATE]
    # How fast it is fine-tuned is still a guess.
    assert " to " in times.of_presets(config, 2000)[Preset.THOROUGH]
    record_speed(speed_key(config.backbones, 0), Speed(100.0, 1e-4, 1.0, 20.0))
    assert " to " not in times.of_presets(config, 2000)[Preset.THOROUGH]
