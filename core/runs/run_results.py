"""The results of a run's model, from its folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.dataset import Split
from core.errors import ModelError, RunError
from core.evaluation.measured_figures import MeasuredFigures, figures_of
from core.evaluation.metrics import Evaluation, evaluate_predictions
from core.models.model_info import read_model_info
from core.runs.run_folder import RunFolder
from core.runs.run_images import count_training_images, read_run_images
from core.runs.run_predictions import RunPrediction, read_run_predictions
from core.settings.config import TrainConfig
from core.text import Text

HELD_OUT = (Split.TEST, Split.VALIDATION)
"""Splits that a model is measured on, the honest one first."""


@dataclass(frozen=True, slots=True)
class SplitResults:
    """Figures and images of one split."""

    evaluation: Evaluation
    predictions: tuple[RunPrediction, ...]

    def mistakes(self) -> list[RunPrediction]:
        """Return the misclassified images, most confident first."""
        wrong = [entry for entry in self.predictions if entry.predicted != entry.class_index]
        return sorted(wrong, key=lambda entry: -entry.confidence)

    def cell(self, true_class: int, predicted: int) -> list[RunPrediction]:
        """Return the images of a cell of the confusion matrix, most confident first."""
        found = [
            entry
            for entry in self.predictions
            if (entry.class_index, entry.predicted) == (true_class, predicted)
        ]
        return sorted(found, key=lambda entry: -entry.confidence)

    def of_class(self, true_class: int) -> list[RunPrediction]:
        """Return a class's images: misclassified ones first, then the least confident."""
        found = [entry for entry in self.predictions if entry.class_index == true_class]
        return sorted(found, key=lambda e: (e.predicted == e.class_index, e.confidence))


@dataclass(frozen=True, slots=True)
class RunResults:
    """What a run's model does on images it was not trained on.

    Attributes:
        splits: Test and validation, as far as there are any.
        training_counts: Training images of each class; () if not known.
    """

    run_dir: Path
    labels: tuple[str, ...]
    config: TrainConfig
    splits: dict[Split, SplitResults]
    training_counts: tuple[int, ...] = ()

    @property
    def best_split(self) -> Split:
        """The split whose figure is the most honest."""
        return next(split for split in HELD_OUT if split in self.splits)

    def figures(self, split: Split) -> MeasuredFigures:
        """Return the figures to show of one of `splits`."""
        return figures_of(
            self.splits[split].evaluation,
            measured_on=split,
            labels=self.labels,
            training_counts=self.training_counts,
        )


def load_run_results(run_dir: Path) -> RunResults:
    """Read and evaluate; takes a second for 100,000 images.

    Raises:
        RunError: If the run has no results, or its files are damaged.
    """
    folder = RunFolder.open(run_dir)
    config, _ = folder.read_config()
    labels, predictions = read_run_predictions(run_dir)
    splits = split_results(predictions, len(labels))
    if not splits:
        raise RunError(
            Text(
                "The run %1 has no pictures to evaluate its model on. Start a new training.",
                str(run_dir),
            )
        )
    return RunResults(run_dir, labels, config, splits, _training_counts(folder, labels))


def split_results(
    predictions: Sequence[RunPrediction], num_classes: int
) -> dict[Split, SplitResults]:
    """Compute the figures of each split that has predictions."""
    splits = {}
    for split in HELD_OUT:
        chosen = tuple(entry for entry in predictions if entry.split is split)
        if chosen:
            splits[split] = SplitResults(_evaluate(chosen, num_classes), chosen)
    return splits


def _training_counts(folder: RunFolder, labels: tuple[str, ...]) -> tuple[int, ...]:
    """Read them from the model, which is fast, or from an older run's record of images."""
    try:
        info = read_model_info(folder.model_dir)
        if info.training_counts and info.labels == labels:
            return info.training_counts
    except ModelError:
        pass  # the record tells the same
    try:
        known, images = read_run_images(folder.images_path)
    except RunError:
        return ()
    return count_training_images(images, len(labels)) if known == labels else ()


def _evaluate(predictions: Sequence[RunPrediction], num_classes: int) -> Evaluation:
    return evaluate_predictions(
        np.array([entry.class_index for entry in predictions], np.int64),
        np.array([entry.predicted for entry in predictions], np.int64),
        num_classes,
    )
