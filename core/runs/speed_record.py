"""How fast backbones are on this computer, to predict how long a run will take."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import CatalogueEntry, find_entry
from core.backbones.store import list_backbones
from core.computer.processor import num_cores
from core.settings.choices import Features
from core.settings.config import DEFAULT_BACKBONE, TrainConfig
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json

# Measured for docs/benchmarks.md with the embedded backbone: 152 images a second on two
# cores, 114 µs a step at a batch of 10, some 5 s beside.
_IMAGES_PER_CORE = 76.0
_STEP_S = 150e-6
_REST_S = 5.0
# Early stopping ends most runs before their last epoch; half is what the flowers take.
_FRACTION_OF_EPOCHS = 0.6
# An exact fit took 240 iterations for 3,250 photographs of flowers, 253 for sign digits. One took
# 11.6 ms in a run, and without a run's files 5.5 ms for 800 vectors, 10.7 ms for 3,200.
_ITERATIONS = 250
_ITERATION_S = 5e-3
_ITERATION_OF_IMAGE_S = 2e-6
# That was with the embedded backbone's last layer. It grows with the features: for 3,200 vectors
# of 2,192 numbers instead of 1,280 to 1.6 times as long, of 4,496 to 3.3 times.
_FEATURES_OF_ITERATION = 1280
# Features of several stages for one of the last layer: the embedded backbone's, close enough for
# others.
_FACTOR_OF_STAGES = 2192 / 1280
# Where fine-tuning was never measured: the embedded backbone was trained on 36 images a second
# where 152 were extracted.
_FINE_TUNING_FRACTION = 1 / 4
# An image took 28 ms with all layers trained, 16 ms with half of them, 11 ms with a quarter and
# 8 ms with a tenth: the way forwards is always gone, the way back only as far as is trained.
_FORWARD_FRACTION = 0.23
# Loading the backbone once more and making the graph of its steps.
_FINE_TUNING_START_S = 10.0
_OPTIONAL = "fine_tuning_images_per_s"
# The file's keys are those of the first version.
_FIELDS = {
    "pictures_per_s": "images_per_s",
    "step_s": "step_s",
    "rest_s": "rest_s",
    "fine_tuning_pictures_per_s": "fine_tuning_images_per_s",
}


@dataclass(frozen=True, slots=True)
class Speed:
    """What runs with one backbone reached.

    Attributes:
        images_per_s: From file to feature vector.
        step_s: Duration of an epoch of the head divided by its steps.
        rest_s: All the rest of a run: loading, saving.
        fine_tuning_images_per_s: Images trained on a second with all of the backbone
            unfrozen; None if that isn't known.
    """

    images_per_s: float
    step_s: float
    rest_s: float
    fine_tuning_images_per_s: float | None = None


def default_speed() -> Speed:
    """Return the embedded backbone's speed in `docs/benchmarks.md`, scaled to this processor."""
    return Speed(_IMAGES_PER_CORE * num_cores(), _STEP_S, _REST_S)


def speed_key(backbones: Sequence[str], image_size: int = 0) -> str:
    """Return the name under which the speed of one backbone, or of two side by side, is kept.

    Args:
        image_size: Side of the images that they are given; 0 for their own.
    """
    return " + ".join(backbones) + (f" at {image_size}" if image_size else "")


def recorded_speed(*backbones: str, image_size: int = 0) -> Speed | None:
    """Return the speed last recorded for these backbones; None if it was never measured here."""
    try:
        return Speed(**_read()[speed_key(backbones, image_size)])
    except (KeyError, TypeError):
        return None


def read_speed(backbone: str) -> Speed:
    """Return the speed of the last run with a backbone; a default if none was recorded."""
    return recorded_speed(backbone) or default_speed()


def speed_of(*backbones: str, image_size: int = 0) -> Speed:
    """Return the recorded speed of one or two backbones; else what follows from what is known.

    That of two follows from that of each, since an image goes through both. That of one is the
    embedded one's, scaled by the work, and for images of another size its own, scaled by pixels.
    """
    recorded = recorded_speed(*backbones, image_size=image_size)
    if recorded is not None:
        return recorded
    if len(backbones) == 1:
        (backbone,) = backbones
        if image_size:
            return _slower(speed_of(backbone), _relative_pixels(backbone, image_size))
        return _slower(read_speed(DEFAULT_BACKBONE), relative_cost(backbone))
    speeds = [speed_of(each, image_size=image_size) for each in backbones]
    is_tuning_known = any(each.fine_tuning_images_per_s is not None for each in speeds)
    return Speed(
        images_per_s=1 / sum(1 / each.images_per_s for each in speeds),
        step_s=max(each.step_s for each in speeds),
        rest_s=max(each.rest_s for each in speeds),
        fine_tuning_images_per_s=1 / sum(1 / _fine_tuning_rate(each) for each in speeds)
        if is_tuning_known
        else None,
    )


def _slower(speed: Speed, factor: float) -> Speed:
    """Divide the rates of a speed by how much more work an image is."""
    rate = speed.fine_tuning_images_per_s
    return replace(
        speed,
        images_per_s=speed.images_per_s / factor,
        fine_tuning_images_per_s=None if rate is None else rate / factor,
    )


def record_speed(key: str, speed: Speed) -> None:
    """Remember the speed of a run.

    Args:
        key: The `speed_key` of the backbones.

    Raises:
        StorageError: If it can't be written.
    """
    speeds = _read() | {key: asdict(speed)}
    content = {
        name: {key: values[field] for key, field in _FIELDS.items() if field in values}
        for name, values in speeds.items()
    }
    write_json_atomically(_file(), content)


def expected_seconds(
    config: TrainConfig,
    speed: Speed,
    *,
    num_images: int,
    num_new_images: int,
    num_classes: int = 0,
) -> float:
    """Estimate how long a run will take.

    Args:
        num_images: Images that take part.
        num_new_images: Those whose feature vectors have to be computed.
        num_classes: Number of classes; 0 if not known, so that a limit of training images of
            each class is left out of account.
    """
    num_training = num_images * (1 - config.validation_split - config.test_split)
    if config.images_per_class and num_classes:
        num_training = min(num_training, float(config.images_per_class * num_classes))
    num_new = float(num_new_images)
    if config.augmentation().is_active:
        num_new += config.augmented_versions * num_training
    steps = max(1.0, num_training / config.batch_size)
    fraction = _FRACTION_OF_EPOCHS if config.early_stopping_patience else 1.0
    training = config.epochs * fraction * steps * speed.step_s
    if config.is_exact:
        width = _num_features(config) / _FEATURES_OF_ITERATION
        iteration = _ITERATION_S + num_training * _ITERATION_OF_IMAGE_S * width
        training = min(config.epochs, _ITERATIONS) * iteration
    if config.fine_tune:
        rate = _fine_tuning_rate(speed) / relative_tuning_cost(config.fine_tune_fraction)
        training += _FINE_TUNING_START_S + config.fine_tune_epochs * num_training / rate
    return num_new / speed.images_per_s + training + speed.rest_s


def _num_features(config: TrainConfig) -> float:
    """Return how many numbers the head sees of an image, as far as that is known."""
    known = [_known(backbone) for backbone in config.backbones]
    last = sum(_FEATURES_OF_ITERATION if each is None else each.feature_dim for each in known)
    return last * (_FACTOR_OF_STAGES if config.features is Features.STAGES else 1.0)


def _fine_tuning_rate(speed: Speed) -> float:
    return speed.fine_tuning_images_per_s or speed.images_per_s * _FINE_TUNING_FRACTION


def relative_tuning_cost(fraction: float) -> float:
    """Return the time of a fine-tuning step on a fraction of the layers; 1 for all of them."""
    return _FORWARD_FRACTION + (1 - _FORWARD_FRACTION) * fraction


def relative_cost(backbone: str) -> float:
    """Return an image's work relative to the embedded backbone; 1 where nothing is known."""
    own, embedded = _sizes(backbone), _sizes(DEFAULT_BACKBONE)
    if own is None or embedded is None:
        return 1.0
    for mine, reference in zip(own, embedded, strict=True):
        if mine and reference:
            return mine / reference
    return 1.0


def _read() -> dict[str, dict[str, Any]]:
    try:
        content = read_json(_file())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    found: dict[str, dict[str, Any]] = {
        name: {_FIELDS.get(str(key), str(key)): value for key, value in speed.items()}
        for name, speed in content.items()
        if isinstance(speed, dict)
    }
    return {name: speed for name, speed in found.items() if _is_speed(speed)}


def _is_speed(content: dict[str, object]) -> bool:
    # Files of earlier versions lack what has been added since.
    names = {field.name for field in fields(Speed)}
    given: dict[str, object] = {_OPTIONAL: None, **content}
    numbers = [value for name, value in given.items() if name != _OPTIONAL or value is not None]
    return set(given) == names and all(
        isinstance(value, int | float) and value > 0 for value in numbers
    )


def _known(backbone: str) -> BackboneInfo | CatalogueEntry | None:
    entry = find_entry(backbone)
    if entry is not None:
        return entry
    return next((info for info in list_backbones() if backbone in (info.name, info.handle)), None)


def _relative_pixels(backbone: str, image_size: int) -> float:
    known = _known(backbone)
    return 1.0 if known is None else image_size**2 / math.prod(known.input_size)


def _sizes(backbone: str) -> tuple[float | None, float] | None:
    """Return multiply-adds an image, and a stand-in for them: weights times pixels."""
    known = _known(backbone)
    if known is None:
        return None
    height, width = known.input_size
    return known.multiply_adds, float(known.parameters * height * width)


def _file() -> Path:
    return data_dir() / "speed.json"
