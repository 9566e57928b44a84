"""Everything that decides what a training run does.

This is the one place for settings: defaults, ranges and texts of the command line and the window
come from the records here. A field added to `TrainConfig` has its option and its row in the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Self

from core.data.augmentation import Augmentation, Flip
from core.data.decoder import Fit
from core.settings.setting import (
    PERCENT,
    Group,
    Need,
    NonBlankRule,
    RangeRule,
    SettingError,
    Stage,
    SumRule,
    setting,
    settings_of,
)

CONFIG_SCHEMA = 1
DEFAULT_BACKBONE = "efficientnet-lite0"
_LARGEST_SEED = 2**31 - 1  # what every random generator in use takes

# Counts end at a million. A project may come from anywhere; beyond this nothing is trained, and
# inputs that hold such a number overflow.
_COUNT = RangeRule(0, 1_000_000)
_COUNT_FROM_1 = RangeRule(1, 1_000_000)
_NOT_NEGATIVE = RangeRule(0)
_POSITIVE = RangeRule(0, excludes_low=True)
_BELOW_1 = RangeRule(0, 1, excludes_high=True)


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
    """The settings of one training run; their records say what each means and allows.

    Fields stay in their order, which is that of the stored JSON.

    Raises:
        SettingError: If a value lies outside its range or is of another kind.
    """

    backbone: str = setting(
        DEFAULT_BACKBONE,
        label="Backbone",
        explanation="Pretrained network that turns pictures into features.",
        option_help="pretrained feature extractor: a name that `fieldguide backbones list` "
        "shows, a SavedModel folder, a .tar.gz of one, or a hub URL",
        group=Group.MODE,
        rule=NonBlankRule(),
        is_kept=True,
    )
    fit: Fit = setting(
        Fit.SQUASH,
        label="Fit",
        explanation="How a picture of any shape becomes a square.",
        option_help="how a picture is brought to the backbone's input size",
        group=Group.PICTURES,
        is_kept=True,
    )
    epochs: int = setting(
        50,
        label="Epochs",
        unit="passes",
        explanation="Number of passes over all training pictures.",
        option_help="largest number of passes over the training pictures",
        group=Group.BASICS,
        stage=Stage.HEAD,
        rule=_COUNT_FROM_1,
    )
    batch_size: int = setting(
        32,
        label="Batch size",
        unit="pictures",
        explanation="Pictures per training step.",
        option_help="pictures per training step",
        group=Group.BASICS,
        rule=_COUNT_FROM_1,
    )
    learning_rate: float = setting(
        1e-3,
        label="Learning rate",
        explanation="Size of each step. Too large, and training never settles.",
        option_help="size of each step; the peak where a schedule changes it",
        group=Group.BASICS,
        stage=Stage.HEAD,
        rule=_POSITIVE,
    )
    # `sgd` uses momentum 0.9; `adamw` decouples `l2` from the gradient as weight decay.
    optimizer: Optimizer = setting(
        Optimizer.ADAM,
        label="Optimizer",
        explanation="How the weights follow the gradients.",
        option_help="how the weights follow the gradients",
        group=Group.LEARNING,
    )
    # See `core.training.schedules`; head and fine-tuning each follow it over their own epochs.
    schedule: Schedule = setting(
        Schedule.EXPONENTIAL,
        label="Schedule",
        explanation="How the learning rate changes over the run.",
        option_help="how the learning rate changes over the run",
        group=Group.LEARNING,
    )
    dropout: float = setting(
        0.2,
        label="Dropout",
        unit="fraction",
        explanation="Fraction of features dropped at random during training.",
        option_help="fraction of features dropped at random during training, from 0 to below 1",
        group=Group.OVERFITTING,
        rule=_BELOW_1,
    )
    l2: float = setting(
        2e-3,
        label="L2",
        unit="weight",
        explanation="Weight of the squared weights in the loss; keeps weights small.",
        option_help="weight of the squared weights in the loss; for adamw the weight decay",
        group=Group.OVERFITTING,
        rule=_NOT_NEGATIVE,
    )
    label_smoothing: float = setting(
        0.0,
        label="Label smoothing",
        unit="fraction",
        explanation="How much probability to spread over the other classes; helps with wrong "
        "labels.",
        option_help="how much probability to spread over the other classes, from 0 to below 1",
        group=Group.OVERFITTING,
        rule=_BELOW_1,
    )
    hidden_units: int = setting(
        0,
        label="Hidden units",
        unit="units",
        explanation="Width of an extra ReLU layer before the classes; 0 for none.",
        option_help="width of an extra ReLU layer before the classes; 0 for none",
        group=Group.LEARNING,
        rule=_COUNT,
    )
    # `balanced` weighs a class by the inverse of its number of pictures.
    class_weights: ClassWeighting = setting(
        ClassWeighting.NONE,
        label="Class weights",
        explanation="Balanced: rare classes count more.",
        option_help="balanced: rare classes count more",
        group=Group.PICTURES,
        is_kept=True,
    )
    gradient_clip: float = setting(
        0.0,
        label="Gradient clipping",
        unit="norm",
        explanation="Largest gradient norm; 0 turns clipping off.",
        option_help="largest norm of all gradients together; 0 turns clipping off",
        group=Group.LEARNING,
        rule=_NOT_NEGATIVE,
    )
    ema: float = setting(
        0.0,
        label="Weight averaging",
        unit="decay",
        explanation="Evaluates and keeps a moving average of the weights, such as 0.99; 0 "
        "for none.",
        option_help="decay of a moving average of the weights, which is then what is kept; 0 "
        "for none",
        group=Group.LEARNING,
        rule=_BELOW_1,
    )
    fine_tune: bool = setting(
        False,
        label="Mode",
        explanation="Fast trains only a new last layer. Fine-tune also trains the backbone: "
        "slower, often more accurate.",
        option_help="train the backbone too, after the head",
        group=Group.MODE,
    )
    fine_tune_epochs: int = setting(
        5,
        label="Fine-tuning epochs",
        unit="passes",
        explanation="Epochs that also train the backbone.",
        option_help="largest number of epochs that also train the backbone",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=_COUNT_FROM_1,
    )
    # For backbone and head.
    fine_tune_learning_rate: float = setting(
        1e-5,
        label="Fine-tuning rate",
        explanation="Learning rate while the backbone is trained too.",
        option_help="learning rate while the backbone is trained too; the peak where a "
        "schedule changes it",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=_POSITIVE,
    )
    fine_tune_share: float = setting(
        1.0,
        label="Layers",
        unit=PERCENT,
        explanation="Fraction of the backbone's layers that is trained, counted from the end.",
        option_help="fraction of the backbone's layers that fine-tuning trains, counted from "
        "the end",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=RangeRule(0, 1, excludes_low=True),
    )
    # Its weights are trained, too; else it stays as it came.
    train_batch_norm: bool = setting(
        False,
        label="Batch norm",
        explanation="Batch normalisation follows your pictures; needs large batches.",
        option_help="let batch normalisation follow the pictures while fine-tuning",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
    )
    # Decoupled from the gradient, and of kernels only.
    weight_decay: float = setting(
        0.0,
        label="Weight decay",
        unit="weight",
        explanation="Pulls the weights towards zero while fine-tuning.",
        option_help="decay of the weights while fine-tuning",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=_NOT_NEGATIVE,
    )
    mixed_precision: bool = setting(
        True,
        label="Mixed precision",
        explanation="Half precision on a GPU: faster, less memory.",
        option_help="fine-tune in half precision on a GPU",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        is_kept=True,
        need=Need.GPU,
    )
    flip: Flip = setting(
        Flip.NONE,
        label="Flip",
        explanation="Mirrors pictures at random.",
        option_help="mirror pictures at random",
        group=Group.AUGMENTATION,
        need=Need.AUGMENTED_VERSIONS,
    )
    rotation: float = setting(
        0.0,
        label="Rotation",
        unit="degrees",
        explanation="Largest rotation, in degrees.",
        option_help="largest random rotation, in degrees",
        group=Group.AUGMENTATION,
        rule=RangeRule(0, 180),
        need=Need.AUGMENTED_VERSIONS,
    )
    zoom: float = setting(
        0.0,
        label="Zoom",
        unit="fraction",
        explanation="Largest change of scale, in and out, as a fraction.",
        option_help="largest random change of scale, in and out, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    shift: float = setting(
        0.0,
        label="Shift",
        unit="fraction",
        explanation="Largest shift, as a fraction of the side.",
        option_help="largest random shift, as a fraction of the side",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    crop: float = setting(
        0.0,
        label="Crop",
        unit="fraction",
        explanation="Largest fraction of the area that is cropped away.",
        option_help="largest fraction of the area that is cropped away at random",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    brightness: float = setting(
        0.0,
        label="Brightness",
        unit="fraction",
        explanation="Largest change of brightness, as a fraction.",
        option_help="largest random change of brightness, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    contrast: float = setting(
        0.0,
        label="Contrast",
        unit="fraction",
        explanation="Largest change of contrast, as a fraction.",
        option_help="largest random change of contrast, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    color: float = setting(
        0.0,
        label="Colour",
        unit="fraction",
        explanation="Largest change of saturation, as a fraction.",
        option_help="largest random change of saturation, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    cutout: float = setting(
        0.0,
        label="Cutout",
        unit="fraction",
        explanation="Hides a grey square; its side as a fraction of the picture's.",
        option_help="hide a grey square at a random place; its side as a fraction of the picture's",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    # Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018.
    mixup: float = setting(
        0.0,
        label="Mixup",
        unit="alpha",
        explanation="Blends pairs of pictures, such as 0.2; 0 for none.",
        option_help="blend pairs of pictures; alpha of the Beta distribution of the "
        "fractions, 0 for none",
        group=Group.AUGMENTATION,
        rule=_NOT_NEGATIVE,
    )
    augmented_copies: int = setting(
        4,
        label="Copies",
        unit="a picture",
        explanation="Augmented versions of each picture that the head learns from.",
        option_help="augmented versions of each training picture that the head learns from, "
        "where any augmentation is chosen",
        group=Group.AUGMENTATION,
        stage=Stage.HEAD,
        rule=_COUNT,
        need=Need.AUGMENTATION,
    )
    validation_split: float = setting(
        0.1,
        label="Validation",
        unit="fraction",
        explanation="Pictures that choose the best epoch.",
        option_help="fraction of pictures that choose the best epoch, above 0",
        group=Group.PICTURES,
        rule=RangeRule(0, 1, excludes_low=True, excludes_high=True),
        is_kept=True,
    )
    test_split: float = setting(
        0.1,
        label="Test",
        unit="fraction",
        explanation="Pictures that only measure the result; 0 for none.",
        option_help="fraction of pictures that only measure the final model; 0 for none",
        group=Group.PICTURES,
        rule=_BELOW_1,
        is_kept=True,
    )
    early_stopping_patience: int = setting(
        10,
        label="Patience",
        unit="epochs",
        explanation="Stops after this many epochs without improvement; 0 trains all epochs.",
        option_help="epochs without improvement of the validation loss before training "
        "stops; 0 trains all",
        group=Group.LEARNING,
        rule=_COUNT,
    )
    # Where it isn't there, the run says so and takes what is.
    device: Device = setting(
        Device.AUTO,
        label="Device",
        explanation="What computes. Auto takes a GPU where there is one.",
        option_help="what computes",
        group=Group.DEVICE,
        is_kept=True,
    )
    seed: int = setting(
        0,
        label="Seed",
        explanation="Same seed, same pictures: same model.",
        option_help="decides split, batch order and initial weights",
        group=Group.PICTURES,
        rule=RangeRule(0, _LARGEST_SEED),
        is_kept=True,
    )

    def __post_init__(self) -> None:
        for error in setting_errors({name: getattr(self, name) for name in SETTINGS}):
            raise error

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
            SettingError: If a value is out of range.
            ValueError: If a key is unknown, or the schema is newer.
        """
        if not isinstance(content, dict):
            raise ValueError(f"settings must be an object. Received: {type(content).__name__}")
        values = dict(content)
        schema = values.pop("schema", CONFIG_SCHEMA)
        if schema != CONFIG_SCHEMA:
            raise ValueError(f"`schema` must be {CONFIG_SCHEMA}. Received: schema={schema}")
        if unknown := sorted(set(values) - SETTINGS.keys()):
            raise ValueError(f"Unknown settings: {', '.join(unknown)}")
        for name, value in values.items():
            values[name] = SETTINGS[name].from_json(name, value)
        return cls(**values)


SETTINGS = settings_of(TrainConfig)
"""The record of each setting, by the name and in the order of its field."""


def setting_errors(values: Mapping[str, Any]) -> list[SettingError]:
    """What is wrong with values, each told by its setting; empty if they can be used together.

    Args:
        values: By name, all settings or some.
    """
    errors = []
    for name, value in values.items():
        rule = SETTINGS[name].broken_rule(value)
        if rule is not None:
            errors.append(SettingError(name, rule, value))
    usable = values.keys() - {error.name for error in errors}
    splits = ("validation_split", "test_split")
    if usable.issuperset(splits) and sum(values[name] for name in splits) >= 1.0:
        errors.append(SettingError(splits[0], SumRule(splits[1]), values[splits[0]]))
    return errors
