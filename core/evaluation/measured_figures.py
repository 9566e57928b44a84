"""Figures to show of a classifier: accuracy, and what accuracy alone would hide."""

from dataclasses import dataclass
from typing import Any

from core.data.dataset import Split
from core.evaluation.metrics import ClassMetrics, Evaluation, balanced_accuracy

_LARGEST_DIFFERENCE = 0.05
_KEYS = ("balanced_accuracy", "majority_accuracy", "per_class", "measured_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFigures:
    """Figures of a classifier on images whose class is known.

    Attributes:
        measured_on: `TEST` for images that had no part in training; `VALIDATION` where there
            is no test split, which makes them slightly optimistic: it also chose the epoch.
        labels: Class names, by class index.
        accuracy: Top-1 accuracy, in [0, 1].
        interval: 95% Wilson interval of the accuracy.
        per_class: One for each class.
        training_counts: Training images of each class; () if not known.
    """

    measured_on: Split
    labels: tuple[str, ...]
    accuracy: float
    interval: tuple[float, float]
    per_class: tuple[ClassMetrics, ...]
    training_counts: tuple[int, ...] = ()

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean recall of the classes; see `metrics.balanced_accuracy`."""
        return balanced_accuracy(metrics.recall for metrics in self.per_class)

    @property
    def majority_label(self) -> str | None:
        """The class with the most training images, the first of equals; None if not known."""
        index = self._majority_index()
        return None if index is None else self.labels[index]

    @property
    def majority_accuracy(self) -> float | None:
        """Accuracy on the same images of always answering `majority_label`, in [0, 1]."""
        index = self._majority_index()
        num_images = sum(metrics.num_images for metrics in self.per_class)
        if index is None or not num_images:
            return None
        return self.per_class[index].num_images / num_images

    @property
    def is_little_above_majority(self) -> bool:
        """Whether always giving one answer would reach about the accuracy, or more."""
        majority = self.majority_accuracy
        return majority is not None and majority > self.accuracy - _LARGEST_DIFFERENCE

    @property
    def differs_between_classes(self) -> bool:
        """Whether balanced accuracy is another figure than accuracy, by more than 5 points."""
        balanced = self.balanced_accuracy
        return balanced is not None and abs(balanced - self.accuracy) > _LARGEST_DIFFERENCE

    def measured_classes(self) -> list[tuple[str, float, int]]:
        """Label, recall and number of images of each class that has any, worst recall first."""
        found = [
            (label, metrics.recall, metrics.num_images)
            for label, metrics in zip(self.labels, self.per_class, strict=True)
            if metrics.recall is not None
        ]
        return sorted(found, key=lambda row: row[1])

    def unmeasured_classes(self) -> list[str]:
        """Classes without an image, whose recall is not known."""
        rows = zip(self.labels, self.per_class, strict=True)
        return [label for label, metrics in rows if not metrics.num_images]

    def scarce_classes(self) -> list[tuple[str, int]]:
        """Classes with fewer than `LEAST_IMAGES` images, but some, with their number."""
        rows = zip(self.labels, self.per_class, strict=True)
        return [(label, each.num_images) for label, each in rows if each.is_scarce]

    def _majority_index(self) -> int | None:
        if not any(self.training_counts):
            return None
        return self.training_counts.index(max(self.training_counts))


def figures_of(
    evaluation: Evaluation,
    *,
    measured_on: Split,
    labels: tuple[str, ...],
    training_counts: tuple[int, ...],
) -> MeasuredFigures:
    """Return the figures to show of an evaluation."""
    return MeasuredFigures(
        measured_on=measured_on,
        labels=labels,
        accuracy=evaluation.accuracy,
        interval=evaluation.interval,
        per_class=evaluation.per_class,
        training_counts=training_counts,
    )


def figures_to_json_dict(figures: MeasuredFigures | None) -> dict[str, Any]:
    """Return the values that `train`, `resume` and `evaluate` print; null if not measured."""
    if figures is None:
        return dict.fromkeys(_KEYS)
    per_class = zip(figures.labels, figures.per_class, strict=True)
    values = (
        figures.balanced_accuracy,
        figures.majority_accuracy,
        {label: metrics.to_json_dict() for label, metrics in per_class},
        figures.measured_on.value,
    )
    return dict(zip(_KEYS, values, strict=True))
