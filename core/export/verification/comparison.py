"""Compare an artifact's predictions with its model's."""

import numpy as np
from numpy.typing import NDArray

from core.evaluation.metrics import (
    balanced_accuracy,
    paired_change_interval,
    wilson_interval,
)
from core.export.verification.artifact_check import BATCH_SIZE, ArtifactAnswers
from core.export_spec.artifact import Verification
from core.export_spec.export_format import ExportTarget
from core.text import count_text


def compare(
    answers: ArtifactAnswers, reference: NDArray[np.float32], classes: NDArray[np.int64]
) -> Verification:
    """Compute agreement, accuracy and speed.

    Args:
        reference: Probabilities of the model for the same images, float32
            `(n, num_classes)`.
        classes: True class index of each, int64 `(n,)`.
    """
    # NaN counts as wrong: it neither agrees with the model nor is correct.
    finite = np.asarray(np.isfinite(answers.probabilities).all(axis=1))
    given = np.where(finite[:, np.newaxis], answers.probabilities, np.float32(0))
    predicted = np.where(finite, given.argmax(axis=1), -1)
    expected = reference.argmax(axis=1)
    differences = np.where(finite[:, np.newaxis], np.abs(given - reference), 1.0)
    is_correct, was_correct = predicted == classes, expected == classes
    correct = int(is_correct.sum())
    latency = answers.latency_ms
    return Verification(
        runtime=answers.runtime,
        num_images=len(classes),
        top1_agreement=float((predicted == expected).mean()),
        max_abs_diff=float(differences.max()),
        mean_abs_diff=float(differences.mean()),
        accuracy=correct / len(classes),
        interval=wilson_interval(correct, len(classes)),
        model_accuracy=float(was_correct.mean()),
        latency_ms_p50=float(np.percentile(latency, 50)) if len(latency) else None,
        latency_ms_p95=float(np.percentile(latency, 95)) if len(latency) else None,
        images_per_s=answers.images_per_s if answers.images_per_s > 0 else None,
        batch_size=min(BATCH_SIZE, len(classes)),
        change_interval=paired_change_interval(
            int((is_correct & ~was_correct).sum()),
            int((was_correct & ~is_correct).sum()),
            len(classes),
        ),
        balanced_accuracy=balanced_accuracy(
            float(is_correct[classes == index].mean()) for index in np.unique(classes)
        ),
    )


def problems_of(target: ExportTarget, found: Verification) -> tuple[str, ...]:
    """Say why an artifact has failed; no sentences if it agrees with its model."""
    if found.top1_agreement >= target.least_agreement:
        return ()
    differing = round((1 - found.top1_agreement) * found.num_images)
    return (
        count_text(
            "Its prediction differs from the model's for %1 of %n picture(s): top-1 agreement is "
            "%2, and at least %3 is needed. Don't use it; try a format with a higher precision.",
            "",
            found.num_images,
            differing,
            f"{100 * found.top1_agreement:.2f}%",
            f"{100 * target.least_agreement:.0f}%",
        ),
    )
