"""Figures of a classifier's quality, with confidence intervals."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST_IMAGES = 5
"""With fewer images of a class, its recall is a rough figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMetrics:
    """Figures of one class.

    Attributes:
        precision: Fraction of images predicted as this class that are correct; None if there
            is none.
        recall: Fraction of the class's images that were found; None if there is none.
        f1: Harmonic mean of both; None if one of them is.
        num_images: Images of the class.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    num_images: int

    @property
    def is_scarce(self) -> bool:
        """Whether there are images, but fewer than `LEAST_IMAGES`."""
        return 0 < self.num_images < LEAST_IMAGES

    def to_json_dict(self) -> dict[str, Any]:
        """Return all values by name; None becomes null."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures of a classifier on images whose class is known.

    Attributes:
        accuracy: Top-1 accuracy, in [0, 1].
        interval: 95% Wilson interval of the accuracy.
        num_images: Images classified.
        confusion_matrix: int64 `(num_classes, num_classes)`; true classes are rows.
        per_class: One for each class, in order.
    """

    accuracy: float
    interval: tuple[float, float]
    num_images: int
    confusion_matrix: NDArray[np.int64]
    per_class: tuple[ClassMetrics, ...]


def evaluate_predictions(
    true_classes: NDArray[np.int64], predicted_classes: NDArray[np.int64], num_classes: int
) -> Evaluation:
    """Compute all figures from true and predicted class indices, both `(num_images,)`."""
    matrix = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(matrix, (true_classes, predicted_classes), 1)
    correct, total = int(np.trace(matrix)), int(matrix.sum())
    return Evaluation(
        accuracy=correct / total if total else 0.0,
        interval=wilson_interval(correct, total),
        num_images=total,
        confusion_matrix=matrix,
        per_class=tuple(_class_metrics(matrix, index) for index in range(num_classes)),
    )


def balanced_accuracy(recalls: Iterable[float | None]) -> float | None:
    """Return the mean recall of the classes with images, in [0, 1]; None if there are none.

    Each class counts the same, however many images it has, so always giving the same answer
    reaches 1 / number of classes (Brodersen et al., 2010, "The balanced accuracy and its posterior
    distribution"; scikit-learn's `balanced_accuracy_score`).

    Args:
        recalls: In [0, 1]; None for a class without an image, which is left out.
    """
    known = [recall for recall in recalls if recall is not None]
    return sum(known) / len(known) if known else None


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Compute Wilson's score interval of a proportion (Wilson, 1927).

    Unlike the usual plus-minus it stays inside [0, 1] and is right for few trials and for
    proportions near 1, which is where good classifiers are.
    """
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    fraction = successes / trials
    denominator = 1 + z * z / trials
    centre = (fraction + z * z / (2 * trials)) / denominator
    half = z * ((fraction * (1 - fraction) + z * z / (4 * trials)) / trials) ** 0.5 / denominator
    return max(0.0, centre - half), min(1.0, centre + half)


def paired_change_interval(
    gained: int, lost: int, trials: int, confidence: float = 0.95
) -> tuple[float, float]:
    """Compute the interval of the difference of two proportions measured on the same trials.

    Wald's interval for matched pairs with half a count added to each cell, which is right
    for few differing pairs too (Agresti and Min, 2005, "Simple improved confidence
    intervals for comparing matched proportions").

    Args:
        gained: Trials in which the second one alone succeeded.
        lost: Trials in which the first one alone succeeded.
        trials: All of them.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    more, less, total = gained + 0.5, lost + 0.5, trials + 2
    change = (more - less) / total
    half = z * (more + less - (more - less) ** 2 / total) ** 0.5 / total
    return max(-1.0, change - half), min(1.0, change + half)


def _class_metrics(matrix: NDArray[np.int64], index: int) -> ClassMetrics:
    hits = int(matrix[index, index])
    num_images, num_predicted = int(matrix[index].sum()), int(matrix[:, index].sum())
    precision = hits / num_predicted if num_predicted else None
    recall = hits / num_images if num_images else None
    f1 = None
    if precision is not None and recall is not None:
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return ClassMetrics(precision=precision, recall=recall, f1=f1, num_images=num_images)
