"""Estimates training times from the known speed of this computer."""

from core.runs.speed_record import expected_seconds, recorded_speed, speed_of
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset
from gui.look.wording import duration, duration_range

# How far an estimate from another computer's speed may well be off, either way.
_UNCERTAINTY = 1.5
_FeaturesKey = tuple[tuple[str, ...], str, str, int]


class ExpectedTimes:
    """Estimate times, with the number of images that already have feature vectors."""

    def __init__(self) -> None:
        self._known_images: dict[_FeaturesKey, int] = {}

    def note_images(self, config: TrainConfig, count: int) -> None:
        """Remember how many images have cached feature vectors."""
        self._known_images[_key(config)] = count

    def seconds(self, config: TrainConfig, num_images: int) -> float:
        """Estimate the seconds that training on a number of images takes; at least 1."""
        known = self._known_images.get(_key(config), 0)
        seconds = expected_seconds(
            config,
            speed_of(*config.backbones, image_size=config.image_size),
            num_images=num_images,
            num_new_images=max(0, num_images - known),
        )
        return max(1.0, seconds)

    def text(self, config: TrainConfig, num_images: int) -> str:
        """Return the time as text: a range until the speed has been measured on this computer."""
        seconds = self.seconds(config, num_images)
        if is_measured(config):
            return duration(seconds)
        return duration_range(seconds / _UNCERTAINTY, seconds * _UNCERTAINTY)

    def of_presets(self, config: TrainConfig, num_images: int) -> dict[Preset, str]:
        """Return the times, as text, with each preset in place of these settings."""
        return {preset: self.text(apply_preset(preset, config), num_images) for preset in Preset}


def is_measured(config: TrainConfig) -> bool:
    """Return whether the speed of all that the settings ask for was measured here."""
    speed = recorded_speed(*config.backbones, image_size=config.image_size)
    if speed is None:
        return False
    return not config.fine_tune or speed.fine_tuning_images_per_s is not None


def _key(config: TrainConfig) -> _FeaturesKey:
    return config.backbones, config.resize_mode, config.features, config.image_size
