"""Everything that decides what a training run does, with its defaults.

This is the one place for defaults: the command line and the window read them from here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from core.data.augmentation import Augmentation, Flip
from core.data.decoder import Fit

CONFIG_SCHEMA = 1
DEFAULT_BACKBONE = "efficientnet-lite0"
_LARGEST_SEED = 2**31 - 1  # what every random generator in use takes

# Of counts. A project may come from anywhere; beyond this nothing is trained, and inputs that
# hold such a number overflow.
_LARGEST = 1_000_000


class Optimizer(StrEnum):
    """How weights follow gradients."""

    ADAM = "adam"
    ADAMW = "adamw"
    SGD = "sgd"
    RMSPROP = "rmsprop"


class Schedule(StrEnum):
    """How the learning rate changes over a run."""

    CONSTANT = "constant"
    COSINE = "cosine"
    EXPONENTIAL = "exponential"
    STEP = "step"
    ONE_CYCLE = "one-cycle"
    REDUCE_ON_PLATEAU = "reduce-on-plateau"


class ClassWeighting(StrEnum):
    """Whether rare classes count more in the loss."""

    NONE = "none"
    BALANCED = "balanced"


class Device(StrEnum):
    """What computes."""

    AUTO = "auto"
    CPU = "cpu"
    GPU = "gpu"
    ALL_GPUS = "all-gpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """The settings of one training run.

    Attributes:
        backbone: Name of an embedded or imported backbone, a SavedModel folder, a `.tar.gz` of
            one, or a hub URL.
        fit: How a picture is brought to the backbone's input size.
        epochs: Largest number of passes over the training split.
        batch_size: Pictures per step.
        learning_rate: Peak learning rate.
        optimizer: How weights follow gradients. `sgd` uses momentum 0.9; `adamw` decouples
            `l2` from the gradient as weight decay.
        schedule: See `core.training.schedules`; it holds for the head and for fine-tuning, each
            over its own epochs.
        dropout: Share of a feature vector set to zero in training, in [0, 1).
        l2: Weight of the squared kernel weights in the loss, not negative.
        label_smoothing: Share of probability spread over all classes, in [0, 1).
        hidden_units: Width of an extra ReLU layer before the classes; 0 for none.
        class_weights: `balanced` weighs a class by the inverse of its number of pictures.
        gradient_clip: Largest norm of all gradients together; 0 leaves them as they are.
        ema: Decay of an exponential moving average of the weights, which is then what is
            evaluated and kept, in [0, 1); 0 for none.
        fine_tune: Whether the backbone is trained too, after the head.
        fine_tune_epochs: Largest number of passes with the backbone unfrozen.
        fine_tune_learning_rate: Peak learning rate of these, for backbone and head.
        fine_tune_share: Share of the backbone's layers that are trained, counted from its end,
            in (0, 1].
        train_batch_norm: Whether batch normalisation follows the pictures of each batch while
            fine-tuning, and its weights are trained; else it stays as it came.
        weight_decay: Decoupled decay of the kernels while fine-tuning, not negative.
        mixed_precision: Whether a GPU fine-tunes in half precision; elsewhere it has no effect.
        flip: Which mirror images a picture may be replaced with.
        rotation: Largest angle in degrees, in [0, 180].
        zoom: Largest change of scale in and out, in [0, 1).
        shift: Largest move as a share of each side, in [0, 1).
        crop: Largest share of the area that is cut away, in [0, 1).
        brightness: Largest change as a share, in [0, 1); likewise `contrast` and `color`.
        cutout: Side of a grey square as a share of the picture's, in [0, 1).
        mixup: Alpha of the Beta distribution by which two pictures are blended (Zhang et al.,
            2018), not negative; 0 for none.
        augmented_copies: Changed copies of each training picture whose features are kept for
            the head, where anything above changes pictures.
        validation_split: Share of pictures that choose the best epoch, in (0, 1).
        test_split: Share of pictures that only measure the final model, in [0, 1).
        early_stopping_patience: Epochs without a better validation loss before training
            stops; 0 trains all epochs.
        device: What computes; where it isn't there, the run says so and takes what is.
        seed: Decides split, batch order and initial weights; below 2³¹.

    Raises:
        ValueError: If a value lies outside its range or is of another kind.
    """

    backbone: str = DEFAULT_BACKBONE
    fit: Fit = Fit.SQUASH
    epochs: int = 50
    batch_size: int = 32
    learning_rate: float = 1e-3
    optimizer: Optimizer = Optimizer.ADAM
    schedule: Schedule = Schedule.EXPONENTIAL
    dropout: float = 0.2
    l2: float = 2e-3
    label_smoothing: float = 0.0
    hidden_units: int = 0
    class_weights: ClassWeighting = ClassWeighting.NONE
    gradient_clip: float = 0.0
    ema: float = 0.0
    fine_tune: bool = False
    fine_tune_epochs: int = 5
    fine_tune_learning_rate: float = 1e-5
    fine_tune_share: float = 1.0
    train_batch_norm: bool = False
    weight_decay: float = 0.0
    mixed_precision: bool = True
    flip: Flip = Flip.NONE
    rotation: float = 0.0
    zoom: float = 0.0
    shift: float = 0.0
    crop: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    color: float = 0.0
    cutout: float = 0.0
    mixup: float = 0.0
    augmented_copies: int = 4
    validation_split: float = 0.1
    test_split: float = 0.1
    early_stopping_patience: int = 10
    device: Device = Device.AUTO
    seed: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            _require_kind(field.name, type(field.default), getattr(self, field.name))
        _require(bool(self.backbone.strip()), "backbone", "must be named", self.backbone)
        for rule, holds, names in _RULES:
            for name in names:
                _require(holds(getattr(self, name)), name, rule, getattr(self, name))
        _require(
            self.validation_split + self.test_split < 1.0,
            "validation_split",
            "and `test_split` must leave pictures to train on",
            self.validation_split,
        )

    def augmentation(self) -> Augmentation:
        """What may be changed about a picture before it is trained on."""
        names = Augmentation.__dataclass_fields__
        return Augmentation(**{name: getattr(self, name) for name in names})

    def to_json_dict(self) -> dict[str, Any]:
        """All settings as plain JSON values, with the schema's version."""
        return {"schema": CONFIG_SCHEMA} | {
            field.name: getattr(self, field.name) for field in fields(self)
        }

    @classmethod
    def from_json_dict(cls, content: dict[str, Any]) -> Self:
        """Settings from `to_json_dict`'s values; missing keys take their defaults.

        Raises:
            ValueError: If a key is unknown, a value is out of range, or the schema is newer.
        """
        if not isinstance(content, dict):
            raise ValueError(f"settings must be an object. Received: {type(content).__name__}")
        values = dict(content)
        schema = values.pop("schema", CONFIG_SCHEMA)
        if schema != CONFIG_SCHEMA:
            raise ValueError(f"`schema` must be {CONFIG_SCHEMA}. Received: schema={schema}")
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(values) - known):
            raise ValueError(f"Unknown settings: {', '.join(unknown)}")
        for field in fields(cls):
            if field.name in values:
                values[field.name] = _from_json(field.name, type(field.default), values[field.name])
        return cls(**values)


# What must hold of which settings, with the words for it.
_RULES: tuple[tuple[str, Callable[[Any], bool], tuple[str, ...]], ...] = (
    ("must be at least 1", lambda value: value >= 1, ("epochs", "batch_size", "fine_tune_epochs")),
    (
        "must not be negative",
        lambda value: value >= 0 and math.isfinite(value),
        (
            "l2",
            "hidden_units",
            "gradient_clip",
            "weight_decay",
            "mixup",
            "augmented_copies",
            "early_stopping_patience",
            "seed",
        ),
    ),
    (f"must not exceed {_LARGEST_SEED}", lambda value: value <= _LARGEST_SEED, ("seed",)),
    (
        f"must not exceed {_LARGEST:,}",
        lambda value: value <= _LARGEST,
        (
            "epochs",
            "batch_size",
            "fine_tune_epochs",
            "hidden_units",
            "augmented_copies",
            "early_stopping_patience",
        ),
    ),
    (
        "must lie in [0, 1)",
        lambda value: 0.0 <= value < 1.0,
        (
            "dropout",
            "label_smoothing",
            "ema",
            "zoom",
            "shift",
            "crop",
            "brightness",
            "contrast",
            "color",
            "cutout",
            "test_split",
        ),
    ),
    ("must lie in [0, 180]", lambda value: 0.0 <= value <= 180.0, ("rotation",)),
    ("must lie in (0, 1]", lambda value: 0.0 < value <= 1.0, ("fine_tune_share",)),
    ("must lie in (0, 1)", lambda value: 0.0 < value < 1.0, ("validation_split",)),
    (
        "must be a positive number",
        lambda value: value > 0 and math.isfinite(value),
        ("learning_rate", "fine_tune_learning_rate"),
    ),
)


def _from_json(name: str, kind: type, value: object) -> object:
    if not issubclass(kind, StrEnum):
        return value
    choices = [str(choice) for choice in kind]
    _require(value in choices, name, f"must be one of {', '.join(choices)}", value)
    return kind(str(value))


def _require_kind(name: str, kind: type, value: object) -> None:
    if kind is float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        _require(is_number, name, "must be a number", value)
    elif kind is int:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        _require(is_whole, name, "must be a whole number", value)
    else:
        _require(isinstance(value, kind), name, f"must be a {kind.__name__}", value)


def _require(condition: bool, name: str, rule: str, value: object) -> None:
    if not condition:
        raise ValueError(f"`{name}` {rule}. Received: {name}={value!r}")
