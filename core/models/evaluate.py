"""Measure a trained model on labelled images."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.dataset import Dataset, LabeledImage, Split
from core.data.examination.inspect import IN_TWO_CLASSES, label_conflicts
from core.data.files.image_files import read_image_file
from core.errors import DatasetError, ImageError
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
        skipped: Files that are no usable images or in two classes, with the reason.
        training_counts: Training images of each class; () if not known.
    """

    labels: tuple[str, ...]
    evaluation: Evaluation
    skipped: tuple[tuple[Path, str], ...]
    training_counts: tuple[int, ...] = ()
    num_in_two_classes: int = 0

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

    As in training, the same image in two classes is left out of both.

    Args:
        on_progress: Called with the number of images done so far.

    Raises:
        DatasetError: If a class is none of the model's, or no image can be used.
        ModelError: If the model is missing or damaged.
    """
    indices = _model_indices(spec, dataset)
    in_two_classes = _in_two_classes(dataset)
    images = [image for image in dataset.images if image not in in_two_classes]
    true, predicted = [], []
    skipped = [(i.path, str(IN_TWO_CLASSES)) for i in dataset.images if i in in_two_classes]
    num_in_two_classes = len(skipped)
    outcomes = classify_files(spec, (image.path for image in images))
    for done, (image, outcome) in enumerate(zip(images, outcomes, strict=True), 1 + len(skipped)):
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
    return ModelEvaluation(
        spec.labels, figures, tuple(skipped), spec.training_counts, num_in_two_classes
    )


def _in_two_classes(dataset: Dataset) -> set[LabeledImage]:
    """Find images whose content is in several classes; only files of equal size are read."""
    by_size: defaultdict[int, list[LabeledImage]] = defaultdict(list)
    for image in dataset.images:
        try:
            by_size[image.path.stat().st_size].append(image)
        except OSError:  # told when it is classified
            continue
    alike = [
        image
        for images in by_size.values()
        if len({image.class_index for image in images}) > 1
        for image in images
    ]
    readable, sha256s = [], []
    for image in alike:
        try:
            sha256s.append(hashlib.sha256(read_image_file(image.path)).digest())
        except ImageError:
            continue
        readable.append(image)
    conflicts = label_conflicts(sha256s, [image.class_index for image in readable])
    return {readable[position] for position in conflicts}


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
