"""Figures against values worked out by hand or published."""

import numpy as np
import pytest

from core.evaluation.metrics import (
    balanced_accuracy,
    evaluate_predictions,
    paired_change_interval,
    wilson_interval,
)

# Three classes; nothing is called class 2, and class 2 has one image.
TRUE = np.array([0, 0, 0, 0, 1, 1, 1, 2])
PREDICTED = np.array([0, 0, 0, 1, 1, 1, 0, 0])


def test_confusion_matrix_has_true_classes_as_rows() -> None:
    matrix = evaluate_predictions(TRUE, PREDICTED, 3).confusion_matrix
    assert matrix.tolist() == [[3, 1, 0], [1, 2, 0], [1, 0, 0]]
    assert matrix.dtype == np.int64


def test_accuracy_is_the_fraction_of_right_answers() -> None:
    evaluation = evaluate_predictions(TRUE, PREDICTED, 3)
    assert evaluation.accuracy == 5 / 8
    assert evaluation.num_images == 8
    assert evaluation.interval == wilson_interval(5, 8)


def test_figures_of_each_class() -> None:
    first, second, third = evaluate_predictions(TRUE, PREDICTED, 3).per_class
    assert (first.precision, first.recall, first.num_images) == (3 / 5, 3 / 4, 4)
    assert first.f1 == pytest.approx(2 * 3 / (5 + 4))  # 2·hits / (given + there)
    assert (second.precision, second.recall, second.num_images) == (2 / 3, 2 / 3, 3)
    assert second.f1 == pytest.approx(2 / 3)
    assert (third.precision, third.recall, third.f1, third.num_images) == (None, 0.0, None, 1)


def test_class_that_only_wrong_images_are_called_has_no_recall() -> None:
    evaluation = evaluate_predictions(np.array([0, 0]), np.array([0, 1]), 2)
    absent = evaluation.per_class[1]
    assert (absent.precision, absent.recall, absent.f1, absent.num_images) == (0.0, None, None, 0)


def test_class_without_a_hit_has_f1_zero() -> None:
    evaluation = evaluate_predictions(np.array([0, 1]), np.array([1, 0]), 2)
    assert [metrics.f1 for metrics in evaluation.per_class] == [0.0, 0.0]


def test_no_image_says_nothing() -> None:
    nothing = np.array([], np.int64)
    evaluation = evaluate_predictions(nothing, nothing, 2)
    assert (evaluation.accuracy, evaluation.interval) == (0.0, (0.0, 1.0))


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (8, 10, 0.4902, 0.9433),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_wilson_interval_has_the_published_values(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_wilson_interval_narrows_with_trials_and_stays_a_fraction() -> None:
    widths = []
    for trials in (1, 10, 100, 1000):
        low, high = wilson_interval(trials, trials)
        assert 0.0 <= low < high <= 1.0
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)


def test_wilson_interval_of_another_confidence() -> None:
    low, high = wilson_interval(8, 10, confidence=0.90)
    assert (low, high) == pytest.approx((0.5408, 0.9314), abs=5e-5)


def test_the_interval_of_a_paired_change_is_that_of_agresti_and_min():
    low, high = paired_change_interval(gained=3, lost=1, trials=10)
    change, half = 2 / 12, 1.959964 * (5 - 4 / 12) ** 0.5 / 12
    assert (low, high) == pytest.approx((change - half, change + half), abs=1e-6)


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (5, 0), (0, 5), (100, 0)])
def test_a_paired_change_stays_within_what_can_be(gained, lost):
    low, high = paired_change_interval(gained, lost, 100)
    assert -1 <= low < high <= 1
    assert low <= (gained - lost) / 100 <= high or gained == 100


def test_few_differing_pairs_leave_a_wide_interval():
    assert paired_change_interval(0, 0, 20)[1] > paired_change_interval(0, 0, 2000)[1] > 0


def test_balanced_accuracy_is_the_mean_of_the_recalls_that_are_known():
    # scikit-learn's own example: y_true 0 1 0 0 1 0, y_pred 0 1 0 0 0 1.
    found = evaluate_predictions(np.array([0, 1, 0, 0, 1, 0]), np.array([0, 1, 0, 0, 0, 1]), 2)
    assert balanced_accuracy(metrics.recall for metrics in found.per_class) == 0.625
    assert balanced_accuracy([0.5, None, 1.0]) == 0.75
    assert balanced_accuracy([None]) is None
