"""Measure a trained model on labelled images."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.dataset import Dataset, Split
from core.errors import DatasetError
from core.evaluation.measured_figures import MeasuredFigures, figures_of
from core.evaluation.metrics import Evaluation, evaluate_predictions
from core.image_fault import image_sentence
from core.models.classify_many import classify_files
from core.models.predictor import ClassifierSpec
from core.text import Text, sentences


@dataclass(frozen=True, slots=True)
class ModelEvaluation:
    """The evaluation of a model.

    Attributes:
        labels: The model's classes, by index.
        evaluation: The figures.
        skipped: Files that are no usable images, with the reason.
        training_counts: Training images of each class; () if not known.
    """

    labels: tuple[str, ...]
    evaluation: Evaluation
    skipped: tuple[tuple[Path, str], ...]
    training_counts: tuple[int, ...] = ()

    def figures(self) -> MeasuredFigures:
        """Return the figures to show; the images count as a test."""
        return figures_of(
            self.evaluation,
            measured_on=Split.TEST,
            labels=self.labels,
            training_counts=self.training_counts,
        )


def evaluate_model(
    spec: ClassifierSpec, dataset: Dataset, on_progress: Callable[[int], None]
) -> ModelEvaluation:
    """Classify all images of a dataset and compare with their classes.

    Args:
        on_progress: Called with the number of images done so far.

    Raises:
        DatasetError: If a class is none of the model's, or no image can be used.
        ModelError: If the model is missing or damaged.
    """
    indices = _model_indices(spec, dataset)
    true, predicted = [], []
    skipped = []
    outcomes = classify_files(spec, (image.path for image in dataset.images))
    for done, (image, outcome) in enumerate(zip(dataset.images, outcomes, strict=True), 1):
        if outcome.probabilities is None:
            skipped.append((outcome.path, outcome.error))
        else:
            true.append(indices[image.class_index])
            predicted.append(int(outcome.probabilities.argmax()))
        on_progress(done)
    if not true:
        reasons = (image_sentence(str(path), reason) for path, reason in skipped[:3])
        raise DatasetError(sentences(Text("None of the pictures can be used."), *reasons))
    figures = evaluate_predictions(
        np.array(true, np.int64), np.array(predicted, np.int64), len(spec.labels)
    )
    return ModelEvaluation(spec.labels, figures, tuple(skipped), spec.training_counts)


def _model_indices(spec: ClassifierSpec, dataset: Dataset) -> list[int]:
    known = {label: index for index, label in enumerate(spec.labels)}
    if unknown := [label for label in dataset.labels if label not in known]:
        raise DatasetError(
            Text(
                "The model doesn't know the class “%1”. Its classes are: %2.",
                unknown[0],
                ", ".join(spec.labels[:20]),
            )
        )
    return [known[label] for label in dataset.labels]
