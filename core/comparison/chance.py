"""Tests for whether a difference of accuracy is more than chance would give.

Dietterich, "Approximate Statistical Tests for Comparing Supervised Classification Learning
Algorithms" (1998), recommends the first where each of two models was trained once. It answers
whether these two models differ. The second answers whether two ways of training differ, and needs
several trainings of each.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SIGNIFICANCE = 0.05
"""A smaller p-value counts as more than chance."""
_CONFIDENCE = 1 - SIGNIFICANCE


@dataclass(frozen=True, slots=True)
class MeanTest:
    """Whether the mean of paired differences is other than 0.

    Attributes:
        mean: Of the differences.
        interval: Its 95% interval.
        p_value: Two-sided.
    """

    mean: float
    interval: tuple[float, float]
    p_value: float


def mcnemar_p_value(only_first: int, only_second: int) -> float:
    """Return the two-sided p-value of McNemar's exact test (McNemar, 1947).

    If both models are equally good, either is as likely to be the one that is right where only one
    is, so the number of such images follows the binomial distribution.

    Args:
        only_first: Images that the first model alone classifies correctly.
        only_second: Those that the second alone does.
    """
    # Without SciPy, whose import takes longer than all the rest of comparing two runs.
    fewer, total = min(only_first, only_second), only_first + only_second
    taken = np.arange(1, fewer + 1)
    log_ways = np.concatenate([[0.0], np.cumsum(np.log((total + 1 - taken) / taken))])
    return min(1.0, 2 * float(np.exp(log_ways - total * math.log(2)).sum()))


def corrected_resampled_test(
    differences: Sequence[float], *, num_train: int, num_test: int
) -> MeanTest:
    """Apply Nadeau and Bengio's corrected resampled t-test to paired trainings on random splits.

    Splits of the same images overlap, so accuracies of several seeds vary less than those on new
    images would. The corrected variance of the mean of k differences is theirs times
    1/k + num_test/num_train instead of 1/k; "Inference for the Generalization Error" (2003).

    A few equal differences don't make the variance 0: models whose accuracies differ by d disagree
    on that fraction of the test images at least, and the mean of num_test such signs has a variance
    of about d/num_test. Where none differs, one image of all is taken for it.

    Args:
        differences: Of test accuracy, one for each seed, at least two; in [-1, 1].
        num_train: Training images of a run.
        num_test: Test images of a run.
    """
    from scipy.special import stdtr, stdtrit

    if len(differences) < 2 or num_train < 1 or num_test < 1:
        raise ValueError(
            "A test needs two differences and images to train and test on. Received: "
            f"{len(differences)} differences, {num_train=}, {num_test=}"
        )
    values = np.asarray(differences, np.float64)
    degrees = len(values) - 1
    mean = float(values.mean())
    least = max(abs(mean), 1 / (len(values) * num_test)) / num_test
    variance = max(float(values.var(ddof=1)), least)
    error = math.sqrt(variance * (1 / len(values) + num_test / num_train))
    half = float(stdtrit(degrees, 0.5 + _CONFIDENCE / 2)) * error
    p_value = 2 * float(stdtr(degrees, -abs(mean) / error))
    return MeanTest(mean, (max(-1.0, mean - half), min(1.0, mean + half)), p_value)


def holm_corrected(p_values: Sequence[float]) -> list[float]:
    """Correct p-values of several tests by Holm's method (1979), in their order.

    With a bound of 5% on the corrected ones, the probability that any test errs by chance is 5%
    at most, whichever tests depend on one another.
    """
    corrected = [1.0] * len(p_values)
    largest = 0.0
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = largest
    return corrected
