"""Everything that decides what a training run does, with its defaults.

This is the one place for defaults: the command line and the window read them from here.
"""

import math
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from core.data.decoder import Fit

CONFIG_SCHEMA = 1
DEFAULT_BACKBONE = "efficientnet-lite0"
_LARGEST_SEED = 2**31 - 1  # what every random generator in use takes


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


class ClassWeighting(StrEnum):
    """Whether rare classes count more in the loss."""

    NONE = "none"
    BALANCED = "balanced"


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
        schedule: `cosine` warms up over the first 5 % of the steps and falls to zero,
            `exponential` falls to a hundredth of the learning rate over the run.
        dropout: Share of a feature vector set to zero in training, in [0, 1).
        l2: Weight of the squared kernel weights in the loss, not negative.
        label_smoothing: Share of probability spread over all classes, in [0, 1).
        hidden_units: Width of an extra ReLU layer before the classes; 0 for none.
        class_weights: `balanced` weighs a class by the inverse of its number of pictures.
        validation_split: Share of pictures that choose the best epoch, in (0, 1).
        test_split: Share of pictures that only measure the final model, in [0, 1).
        early_stopping_patience: Epochs without a better validation loss before training
            stops; 0 trains all epochs.
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
    validation_split: float = 0.1
    test_split: float = 0.1
    early_stopping_patience: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            _require_kind(field.name, type(field.default), getattr(self, field.name))
        _require(bool(self.backbone.strip()), "backbone", "must be named", self.backbone)
        for name in ("epochs", "batch_size"):
            _require(getattr(self, name) >= 1, name, "must be at least 1", getattr(self, name))
        for name in ("hidden_units", "early_stopping_patience", "seed"):
            _require(getattr(self, name) >= 0, name, "must not be negative", getattr(self, name))
        _require(self.seed <= _LARGEST_SEED, "seed", f"must not exceed {_LARGEST_SEED}", self.seed)
        for name in ("dropout", "label_smoothing", "test_split"):
            value = getattr(self, name)
            _require(0.0 <= value < 1.0, name, "must lie in [0, 1)", value)
        _require(
            0.0 < self.validation_split < 1.0,
            "validation_split",
            "must lie in (0, 1)",
            self.validation_split,
        )
        _require(
            self.validation_split + self.test_split < 1.0,
            "validation_split",
            "and `test_split` must leave pictures to train on",
            self.validation_split,
        )
        _require(
            self.learning_rate > 0 and math.isfinite(self.learning_rate),
            "learning_rate",
            "must be a positive number",
            self.learning_rate,
        )
        _require(self.l2 >= 0 and math.isfinite(self.l2), "l2", "must not be negative", self.l2)

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
