"""The settings of a training as options of a command."""

import argparse
from dataclasses import fields
from enum import StrEnum
from typing import Any

from core.backbones.strange_address import refuse_strange_address
from core.settings.config import TrainConfig

_HELP = {
    "backbone": "pretrained feature extractor: a name that `fieldguide backbones list` shows, a "
    "SavedModel folder, a .tar.gz of one, or a hub URL",
    "fit": "how a picture is brought to the backbone's input size",
    "epochs": "largest number of passes over the training pictures",
    "batch_size": "pictures per step",
    "learning_rate": "size of the steps; the peak where a schedule changes it",
    "optimizer": "how weights follow gradients",
    "schedule": "how the learning rate changes over the run",
    "dropout": "share of a feature vector left out in training, from 0 to below 1",
    "l2": "weight of the squared weights in the loss; for adamw the weight decay",
    "label_smoothing": "share of probability spread over all classes, from 0 to below 1",
    "hidden_units": "width of an extra layer before the classes; 0 for none",
    "class_weights": "balanced: rare classes count more",
    "gradient_clip": "largest norm of all gradients together; 0 for no limit",
    "ema": "decay of a moving average of the weights, which is then what is kept; 0 for none",
    "fine_tune": "train the backbone too, after the head",
    "fine_tune_epochs": "largest number of passes with the backbone unfrozen",
    "fine_tune_learning_rate": "size of the steps of fine-tuning; the peak where a schedule "
    "changes it",
    "fine_tune_share": "share of the backbone's layers that fine-tuning trains, from its end",
    "train_batch_norm": "let batch normalisation follow the pictures while fine-tuning",
    "weight_decay": "decay of the weights while fine-tuning",
    "mixed_precision": "fine-tune in half precision on a GPU",
    "flip": "mirror pictures at random",
    "rotation": "turn pictures at random, by at most so many degrees",
    "zoom": "scale pictures at random, by at most this share",
    "shift": "move pictures at random, by at most this share of their sides",
    "crop": "cut away at random at most this share of a picture's area",
    "brightness": "change brightness at random, by at most this share",
    "contrast": "change contrast at random, by at most this share",
    "color": "change colours at random, by at most this share",
    "cutout": "hide a square at a random place; its side as a share of the picture's",
    "mixup": "blend pairs of pictures; alpha of the Beta distribution of the shares, 0 for none",
    "augmented_copies": "changed copies of each training picture that the head learns from, where "
    "pictures are changed at all",
    "validation_split": "share of pictures that choose the best epoch, above 0",
    "test_split": "share of pictures that only measure the final model; 0 for none",
    "early_stopping_patience": "epochs without improvement before training stops; 0 trains all",
    "device": "what computes",
    "seed": "decides split, batch order and initial weights",
}

_FINE_TUNING_ONLY = frozenset(
    {
        "fine_tune_epochs",
        "fine_tune_learning_rate",
        "fine_tune_share",
        "train_batch_norm",
        "weight_decay",
    }
)


def add_setting_arguments(parser: argparse.ArgumentParser) -> None:
    """Add an option for every setting."""
    group = parser.add_argument_group("settings")
    for field in fields(TrainConfig):
        _add_setting(group, field.name, field.default)


def chosen_config(
    parser: argparse.ArgumentParser, arguments: argparse.Namespace, config: TrainConfig
) -> TrainConfig:
    """The settings of `config`, replaced where an option was given.

    Args:
        config: Defaults, or the settings of a project, which may come from elsewhere.

    Raises:
        BackboneError: If only the project asks for a download from an unknown address.
        SystemExit: If a value lies outside its range.
    """
    names = {field.name for field in fields(TrainConfig)}
    given = {name: value for name, value in vars(arguments).items() if name in names}
    if "backbone" not in given:
        refuse_strange_address(config.backbone, "The project")
    try:
        return TrainConfig.from_json_dict(config.to_json_dict() | given)
    except ValueError as error:
        parser.error(str(error))


def idle_options(arguments: argparse.Namespace, config: TrainConfig) -> str:
    """The options that only fine-tuning follows, if they were given without it; "" if not."""
    if config.fine_tune:
        return ""
    given = vars(arguments).keys() & _FINE_TUNING_ONLY
    return ", ".join("--" + name.replace("_", "-") for name in sorted(given))


def _add_setting(group: argparse._ArgumentGroup, name: str, default: object) -> None:
    # Left out unless given: a project's setting must not give way to a default.
    options: dict[str, Any] = {
        "default": argparse.SUPPRESS,
        "help": f"{_HELP[name]} (default: {default})",
    }
    if isinstance(default, bool):
        options |= {"action": argparse.BooleanOptionalAction}
    elif isinstance(default, StrEnum):
        options |= {"choices": [str(choice) for choice in type(default)]}
    else:
        options |= {"type": type(default), "metavar": type(default).__name__.upper()}
    group.add_argument("--" + name.replace("_", "-"), **options)
