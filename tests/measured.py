"""Figures of classifiers that never were, from confusion matrices."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from core.data.dataset import Split
from core.evaluation.measured_figures import MeasuredFigures, figures_of
from core.evaluation.metrics import evaluate_predictions


def measured(
    matrix: ArrayLike,
    training_counts: Sequence[int] = (),
    split: Split = Split.TEST,
    labels: Sequence[str] | None = None,
) -> MeasuredFigures:
    """Figures of images that make this confusion matrix; classes are "a", "b" and so on."""
    counts = np.array(matrix)
    cells = [(t, p) for t, p in np.ndindex(counts.shape) for _ in range(counts[t, p])]
    true, predicted = np.array(cells, np.int64).reshape(-1, 2).T
    return figures_of(
        evaluate_predictions(true, predicted, len(counts)),
        measured_on=split,
        labels=tuple(labels or "abcdefgh"[: len(counts)]),
        training_counts=tuple(training_counts),
    )
