"""The model that a command uses."""

import argparse
from pathlib import Path

from core.cli.output import complain
from core.library.find_run import find_run
from core.models.imagenet import IMAGENET
from core.models.model_info import find_model_folder
from core.models.predictor import ClassifierSpec, imagenet_classifier, trained_classifier
from core.runs.last_model import last_model


def add_trained_model_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--model M` for a command that needs a trained model."""
    parser.add_argument(
        "--model",
        metavar="M",
        type=Path,
        help="model folder, run folder or name of a run; by default the model trained last",
    )


def chosen_model_folder(arguments: argparse.Namespace) -> Path:
    """Return the model folder that `--model` names; it may turn out to be none.

    Raises:
        ModelError: If none is named and none was trained.
        RunError: If a name is that of no run, or of several.
    """
    if arguments.model is None:
        return last_model()
    return find_model_folder(find_run(Path(arguments.model)))


def chosen_classifier(arguments: argparse.Namespace) -> ClassifierSpec:
    """Return the classifier that `--model` names, and say so if it should be trained again.

    Raises:
        ModelError: If there is none.
    """
    if arguments.model == IMAGENET and not Path(arguments.model).is_dir():
        return imagenet_classifier()
    spec = trained_classifier(chosen_model_folder(arguments))
    if spec.advice:
        complain(f"Note: {spec.advice}")
    return spec
