"""The settings of a training run.

Defaults, ranges and texts of the command line and of the window come from the records here alone.
A field added to `TrainConfig` gets its option and its row in the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from core.data.pixels.augmentation import Augmentation, Flip
from core.data.pixels.decoder import ResizeMode
from core.settings.choices import ClassWeighting, Device, Features, Optimizer, Schedule
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
from core.text import Text

CONFIG_SCHEMA = 1
DEFAULT_BACKBONE = "efficientnet-lite0"
_LARGEST_SEED = 2**31 - 1  # that every random generator in use accepts

# Counts end at a million. A project may come from anywhere; beyond this nothing is trained, and
# inputs that hold such a number overflow.
_COUNT = RangeRule(0, 1_000_000)
_COUNT_FROM_1 = RangeRule(1, 1_000_000)
_NOT_NEGATIVE = RangeRule(0)
_POSITIVE = RangeRule(0, excludes_low=True)
_BELOW_1 = RangeRule(0, 1, excludes_high=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """The settings of one training run, each with its record.

    Fields stay in their order, which is that of the stored JSON.

    Raises:
        SettingError: If a value is out of range or of another type.
    """

    backbone: str = setting(
        DEFAULT_BACKBONE,
        label=Text("Backbone"),
        explanation=Text("Pretrained feature extractor that turns pictures into features."),
        option_help="pretrained feature extractor: a name that `fieldguide backbones list` "
        "shows, a SavedModel folder, a .tar.gz of one, or a hub URL",
        group=Group.MODE,
        rule=NonBlankRule(),
        is_kept=True,
    )
    second_backbone: str = setting(
        "",
        label=Text("Second backbone"),
        explanation=Text("Its features are used side by side with the first one's."),
        option_help="a backbone whose features are used side by side with the first one's, the "
        'same as a second --backbone; "" for none',
        group=Group.MODE,
        words={"": Text("none")},
    )
    resize_mode: ResizeMode = setting(
        ResizeMode.SQUASH,
        label=Text("Resize mode"),
        explanation=Text("How a picture of any shape is made square."),
        option_help="how a picture is resized to the backbone's input size",
        group=Group.IMAGES,
        is_kept=True,
        stored_as="fit",
    )
    features: Features = setting(
        Features.STAGES,
        label=Text("Features"),
        explanation=Text(
            "Several stages: earlier layers of the backbone too; mostly more accurate, and up to "
            "twice the size in the cache."
        ),
        option_help="stages: the head also sees what earlier layers of the backbone see; "
        "last: only the last layer",
        group=Group.MODE,
    )
    image_size: int = setting(
        0,
        label=Text("Image size"),
        unit=Text("pixels"),
        explanation=Text(
            "Side of the square that the backbone sees; 0 for the one it was made for. Somewhat "
            "larger is often more accurate, and the time grows with the number of pixels."
        ),
        option_help="side of the square in pixels that the backbone sees; 0: the one that it was "
        "made for. Somewhat larger is often more accurate; the time grows with the pixels",
        group=Group.MODE,
        rule=RangeRule(0, 2048),
        words={0: Text("the backbone's own")},
    )
    # More than an exact fit needs; steps end earlier by their patience.
    epochs: int = setting(
        500,
        label=Text("Epochs"),
        unit=Text("passes"),
        explanation=Text("Number of passes over all training pictures."),
        option_help="largest number of passes over all training pictures; for lbfgs, of iterations",
        group=Group.BASICS,
        stage=Stage.HEAD,
        rule=_COUNT_FROM_1,
    )
    batch_size: int = setting(
        32,
        label=Text("Batch size"),
        unit=Text("pictures"),
        explanation=Text("Pictures per training step."),
        option_help="pictures per training step",
        group=Group.BASICS,
        rule=_COUNT_FROM_1,
        need=Need.STEPS,
    )
    learning_rate: float = setting(
        1e-3,
        label=Text("Learning rate"),
        explanation=Text("Size of each step. Too large, and training never settles."),
        option_help="size of each step; the peak where a schedule changes it",
        group=Group.BASICS,
        stage=Stage.HEAD,
        rule=_POSITIVE,
        need=Need.STEPS,
    )
    # `sgd` uses momentum 0.9; `adamw` decouples `l2` from the gradient as weight decay; for `lbfgs`
    # see `core.training.exact_head`.
    optimizer: Optimizer = setting(
        Optimizer.LBFGS,
        label=Text("Optimizer"),
        explanation=Text(
            "Exact: the best weights of the last layer, computed from all pictures at once. The "
            "others take steps: learning rate, batch size and more can be set."
        ),
        option_help="how gradients change the weights; lbfgs fits the head exactly, with the "
        "penalty chosen on the validation split and `--epochs` as the largest number of "
        "iterations, and fine-tunes with adam",
        group=Group.OPTIMIZER,
    )
    # See `core.training.schedules`; head and fine-tuning each follow it over their own epochs.
    schedule: Schedule = setting(
        Schedule.EXPONENTIAL,
        label=Text("Schedule"),
        explanation=Text("How the learning rate changes over the run."),
        option_help="how the learning rate changes over the run",
        group=Group.LEARNING,
        need=Need.STEPS,
    )
    dropout: float = setting(
        0.2,
        label=Text("Dropout"),
        unit=Text("fraction"),
        explanation=Text("Fraction of features dropped at random during training."),
        option_help="fraction of features dropped at random during training, from 0 to below 1",
        group=Group.OVERFITTING,
        rule=_BELOW_1,
        need=Need.STEPS,
    )
    l2: float = setting(
        2e-3,
        label=Text("L2"),
        unit=Text("weight"),
        explanation=Text("Weight of the squared weights in the loss; keeps weights small."),
        option_help="weight of the squared weights in the loss; for adamw the weight decay",
        group=Group.OVERFITTING,
        rule=_NOT_NEGATIVE,
        need=Need.STEPS,
    )
    label_smoothing: float = setting(
        0.0,
        label=Text("Label smoothing"),
        unit=Text("fraction"),
        explanation=Text(
            "How much probability to spread over the other classes; helps with wrong labels."
        ),
        option_help="how much probability to spread over the other classes, from 0 to below 1",
        group=Group.OVERFITTING,
        rule=_BELOW_1,
    )
    hidden_units: int = setting(
        0,
        label=Text("Hidden units"),
        unit=Text("units"),
        explanation=Text("Width of an extra ReLU layer before the classes; 0 for none."),
        option_help="width of an extra ReLU layer before the classes; 0 for none",
        group=Group.LEARNING,
        rule=_COUNT,
        words={0: Text("none")},
    )
    # `balanced` weighs a class by the inverse of its number of images.
    class_weights: ClassWeighting = setting(
        ClassWeighting.NONE,
        label=Text("Class weights"),
        explanation=Text("Balanced: rare classes count more."),
        option_help="balanced: rare classes count more",
        group=Group.IMAGES,
        is_kept=True,
    )
    clip_norm: float = setting(
        0.0,
        label=Text("Gradient clipping"),
        unit=Text("norm"),
        explanation=Text("Largest gradient norm; 0 turns clipping off."),
        option_help="largest gradient norm; 0 turns clipping off",
        group=Group.LEARNING,
        rule=_NOT_NEGATIVE,
        need=Need.STEPS,
        stored_as="gradient_clip",
    )
    ema_decay: float = setting(
        0.0,
        label=Text("Weight averaging"),
        unit=Text("decay"),
        explanation=Text(
            "Decay of the moving average of the weights that is kept, such as 0.99; 0 for none."
        ),
        option_help="decay of the moving average of the weights that is kept; 0 for none",
        group=Group.LEARNING,
        rule=_BELOW_1,
        need=Need.STEPS,
        stored_as="ema",
    )
    fine_tune: bool = setting(
        False,
        label=Text("Mode"),
        explanation=Text(
            "Fast trains only a new last layer. Fine-tune also trains the backbone: "
            "slower, often more accurate."
        ),
        option_help="train the backbone too, after the head",
        group=Group.MODE,
        words={False: Text("Fast"), True: Text("Fine-tuned")},
    )
    fine_tune_epochs: int = setting(
        5,
        label=Text("Fine-tuning epochs"),
        unit=Text("passes"),
        explanation=Text("Epochs that also train the backbone."),
        option_help="largest number of epochs that also train the backbone",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=_COUNT_FROM_1,
    )
    # For backbone and head.
    fine_tune_learning_rate: float = setting(
        1e-5,
        label=Text("Fine-tuning rate"),
        explanation=Text("Learning rate while the backbone is trained."),
        option_help="learning rate of fine-tuning; the peak where a schedule changes it",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=_POSITIVE,
    )
    fine_tune_fraction: float = setting(
        1.0,
        label=Text("Layers"),
        unit=PERCENT,
        explanation=Text("Fraction of the backbone's layers to train, counted from the end."),
        option_help="fraction of the backbone's layers to fine-tune, counted from the end",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=RangeRule(0, 1, excludes_low=True),
        stored_as="fine_tune_share",
    )
    # Else it stays as pretrained.
    train_batch_norm: bool = setting(
        False,
        label=Text("Batch norm"),
        explanation=Text("Also trains batch normalisation; needs large batches."),
        option_help="train batch normalisation too while fine-tuning",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
    )
    # Decoupled from the gradient, and of kernels only.
    weight_decay: float = setting(
        0.0,
        label=Text("Weight decay"),
        unit=Text("weight"),
        explanation=Text("Pulls the weights towards zero while fine-tuning."),
        option_help="weight decay while fine-tuning",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=_NOT_NEGATIVE,
    )
    mixed_precision: bool = setting(
        True,
        label=Text("Mixed precision"),
        explanation=Text("Half precision on a GPU: faster, and uses less memory."),
        option_help="fine-tune in half precision on a GPU",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        is_kept=True,
        need=Need.GPU,
    )
    flip: Flip = setting(
        Flip.NONE,
        label=Text("Flip"),
        explanation=Text("Mirrors pictures at random."),
        option_help="mirror pictures at random",
        group=Group.AUGMENTATION,
        need=Need.AUGMENTED_VERSIONS,
    )
    rotation: float = setting(
        0.0,
        label=Text("Rotation"),
        unit=Text("degrees"),
        explanation=Text("Largest rotation, in degrees."),
        option_help="largest random rotation, in degrees",
        group=Group.AUGMENTATION,
        rule=RangeRule(0, 180),
        need=Need.AUGMENTED_VERSIONS,
    )
    zoom: float = setting(
        0.0,
        label=Text("Zoom"),
        unit=Text("fraction"),
        explanation=Text("Largest change of scale, in and out, as a fraction."),
        option_help="largest random change of scale, in and out, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    shift: float = setting(
        0.0,
        label=Text("Shift"),
        unit=Text("fraction"),
        explanation=Text("Largest shift, as a fraction of the side."),
        option_help="largest random shift, as a fraction of the side",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    crop: float = setting(
        0.0,
        label=Text("Crop"),
        unit=Text("fraction"),
        explanation=Text("Largest fraction of the area that is cropped away."),
        option_help="largest fraction of the area that is cropped away at random",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    brightness: float = setting(
        0.0,
        label=Text("Brightness"),
        unit=Text("fraction"),
        explanation=Text("Largest change of brightness, as a fraction."),
        option_help="largest random change of brightness, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    contrast: float = setting(
        0.0,
        label=Text("Contrast"),
        unit=Text("fraction"),
        explanation=Text("Largest change of contrast, as a fraction."),
        option_help="largest random change of contrast, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    saturation: float = setting(
        0.0,
        label=Text("Saturation"),
        unit=Text("fraction"),
        explanation=Text("Largest change of saturation, as a fraction."),
        option_help="largest random change of saturation, as a fraction",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
        stored_as="color",
    )
    cutout: float = setting(
        0.0,
        label=Text("Cutout"),
        unit=Text("fraction"),
        explanation=Text("Hides a grey square; its side as a fraction of the picture's."),
        option_help="hide a grey square at a random place; its side as a fraction of the picture's",
        group=Group.AUGMENTATION,
        rule=_BELOW_1,
        need=Need.AUGMENTED_VERSIONS,
    )
    # Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018.
    mixup: float = setting(
        0.0,
        label=Text("Mixup"),
        unit=Text("alpha"),
        explanation=Text("Blends pairs of pictures: alpha, such as 0.2; 0 for none."),
        option_help="blend pairs of pictures: alpha of the Beta distribution; 0 for none",
        group=Group.AUGMENTATION,
        rule=_NOT_NEGATIVE,
    )
    augmented_versions: int = setting(
        4,
        label=Text("Augmented versions"),
        unit=Text("per picture"),
        explanation=Text("Augmented versions of each picture to train the head on."),
        option_help="augmented versions of each picture to train the head on, if any change is on",
        group=Group.AUGMENTATION,
        stage=Stage.HEAD,
        rule=_COUNT,
        need=Need.AUGMENTATION,
        stored_as="augmented_copies",
    )
    validation_split: float = setting(
        0.1,
        label=Text("Validation"),
        unit=Text("fraction"),
        explanation=Text("Pictures used to pick the best epoch."),
        option_help="fraction of pictures used to pick the best epoch, above 0",
        group=Group.IMAGES,
        rule=RangeRule(0, 1, excludes_low=True, excludes_high=True),
        is_kept=True,
    )
    test_split: float = setting(
        0.1,
        label=Text("Test"),
        unit=Text("fraction"),
        explanation=Text("Pictures used only to measure the result; 0 for none."),
        option_help="fraction of pictures used only to measure the final model; 0 for none",
        group=Group.IMAGES,
        rule=_BELOW_1,
        is_kept=True,
    )
    # Splits are the same as without it; see `core.data.split.subset`.
    images_per_class: int = setting(
        0,
        label=Text("Training pictures"),
        unit=Text("per class"),
        explanation=Text(
            "Largest number of training pictures per class, to see how accurate fewer would be; 0 "
            "for all."
        ),
        option_help="largest number of training pictures of each class, drawn by the seed; a "
        "smaller one draws among those of a larger one, and validation and test stay as they are; "
        "0 for all",
        group=Group.IMAGES,
        rule=_COUNT,
        is_kept=True,
        words={0: Text("all")},
    )
    early_stopping_patience: int = setting(
        10,
        label=Text("Patience"),
        unit=Text("epochs"),
        explanation=Text("Stops after this many epochs without improvement; 0 trains all epochs."),
        option_help="stop after this many epochs without improvement of the validation loss; "
        "0 trains all epochs",
        group=Group.LEARNING,
        rule=_COUNT,
        need=Need.STEPS,
    )
    # If it is missing, the run says so and uses another.
    device: Device = setting(
        Device.AUTO,
        label=Text("Device"),
        explanation=Text("The processor to train on. Auto uses a GPU if there is one."),
        option_help="the processor to train on; auto uses a GPU if there is one",
        group=Group.DEVICE,
        is_kept=True,
    )
    seed: int = setting(
        0,
        label=Text("Seed"),
        explanation=Text("With the same seed and pictures, training repeats exactly."),
        option_help="seed of the split, the batch order and the initial weights",
        group=Group.IMAGES,
        rule=RangeRule(0, _LARGEST_SEED),
        is_kept=True,
    )

    def __post_init__(self) -> None:
        for error in setting_errors({name: getattr(self, name) for name in SETTINGS}):
            raise error

    @property
    def backbones(self) -> tuple[str, ...]:
        """The backbones whose features the head sees, one or two."""
        second = self.second_backbone.strip()
        return (self.backbone, second) if second not in ("", self.backbone) else (self.backbone,)

    @property
    def is_exact(self) -> bool:
        """Whether the head is fitted exactly, and not in steps."""
        return self.optimizer is Optimizer.LBFGS and inexact_reason(self) is None

    @property
    def is_joint(self) -> bool:
        """Whether features are of more than one backbone as it is."""
        stages = self.features is Features.STAGES
        return stages or len(self.backbones) > 1 or self.image_size > 0

    @property
    def step_optimizer(self) -> Optimizer:
        """The optimizer where steps are taken."""
        return self.optimizer if self.optimizer.takes_steps else Optimizer.ADAM

    def augmentation(self) -> Augmentation:
        """Return the random changes to images."""
        names = Augmentation.__dataclass_fields__
        return Augmentation(**{name: getattr(self, name) for name in names})

    def to_json_dict(self) -> dict[str, Any]:
        """Return all settings as plain JSON values, with the schema's version.

        Those of `_FORMER_VALUES` are left out where they do what was done before them.
        """
        return {"schema": CONFIG_SCHEMA} | {
            setting.stored_as or name: getattr(self, name)
            for name, setting in SETTINGS.items()
            if name not in _FORMER_VALUES or getattr(self, name) != _FORMER_VALUES[name]
        }

    @classmethod
    def from_json_dict(cls, content: dict[str, Any]) -> Self:
        """Read `to_json_dict`'s values; missing keys get their former values or defaults.

        A setting that is stored under another name may also have the name of its field.

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
        values = _FORMER_VALUES | values
        values = {_STORED_NAMES.get(key, key): value for key, value in values.items()}
        if unknown := sorted(set(values) - SETTINGS.keys()):
            raise ValueError(f"Unknown settings: {', '.join(unknown)}")
        for name, value in values.items():
            values[name] = SETTINGS[name].from_json(name, value)
        return cls(**values)


SETTINGS = settings_of(TrainConfig)
"""The record of each setting, by the name and in the order of its field."""
_FORMER_VALUES: dict[str, Any] = {
    "second_backbone": "",
    "features": Features.LAST,
    "image_size": 0,
    "images_per_class": 0,
}
"""What versions did that didn't have a setting yet, by the names of those settings."""
_STORED_NAMES = {each.stored_as: name for name, each in SETTINGS.items() if each.stored_as}


def setting_errors(values: Mapping[str, Any]) -> list[SettingError]:
    """Find the settings that are wrong; none if the values can be used together.

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


def inexact_reason(config: TrainConfig) -> Text | None:
    """Return why a head is trained in steps though an exact fit was asked for; None if it isn't."""
    if config.optimizer is not Optimizer.LBFGS:
        return None
    if config.hidden_units:
        return Text("With hidden units no exact fit is possible: Adam trains the head.")
    if config.mixup:
        return Text("With mixup no exact fit is possible: Adam trains the head.")
    if config.augmentation().is_active and config.augmented_versions:
        return Text("With augmented versions no exact fit is possible: Adam trains the head.")
    return None


def stepless_settings(config: TrainConfig) -> set[str]:
    """Return the names of settings of steps that none are taken for."""
    if not config.is_exact:
        return set()
    return {
        name
        for name, setting in SETTINGS.items()
        if setting.need is Need.STEPS and (setting.stage is Stage.HEAD or not config.fine_tune)
    }


def fixed_norm_reason(config: TrainConfig) -> Text | None:
    """Return why batch normalisation isn't trained though it was asked for; None if it is."""
    if not (config.fine_tune and config.train_batch_norm and config.is_joint):
        return None
    return Text(
        "Batch normalisation keeps its averages, and only its weights are trained: training all of "
        "it takes features of the last layer of one backbone at its own image size."
    )


def rateless_reason(config: TrainConfig) -> Text | None:
    """Return why there is no learning rate to find; None if there is one."""
    if not config.is_exact or config.fine_tune:
        return None
    return Text(
        "There is no learning rate to find: an exact fit of the head takes no steps. To use one, "
        "choose another optimizer."
    )
