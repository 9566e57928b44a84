"""The learning curve: how accuracy grows with the number of training images.

The error falls as an inverse power law, a + b·n^-c (Cortes et al., "Learning Curves: Asymptotic
Values and Rate of Convergence", 1994; Figueroa et al., "Predicting sample size required for
classification performance", 2012).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

import numpy as np
from numpy.typing import NDArray

from core.comparison.curve_noise import curve_noise
from core.comparison.power_law import PowerLaw, PowerLaws

FEWEST_SIZES = 3
"""Different numbers of training images that a curve takes at least: it has three parameters."""

_PROBABILITY = 0.975  # of both ends of an interval of 95%


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """One training on a part of the images.

    Attributes:
        num_images: Training images: of each class or in all, the same for all points.
        accuracy: On its test split, in [0, 1].
        num_test: Test images.
        seed: Of the splits; points with the same one have the same test images.
    """

    num_images: int
    accuracy: float
    num_test: int
    seed: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95% interval."""

    value: float
    low: float
    high: float


class LearningCurve:
    """The curve through measured points.

    Attributes:
        law: Of the error, by the number of training images over `num_images`.
        num_images: Training images of the largest point.
    """

    def __init__(self, laws: PowerLaws, limit: float, num_images: int) -> None:
        self.law: PowerLaw = laws.best()
        self.num_images = num_images
        self._laws, self._limit = laws, limit

    def accuracy_at(self, num_images: float) -> Estimate:
        """Return the expected accuracy of a training on a number of images, in [0, 1]."""
        x = num_images / self.num_images
        low, high = self._laws.value_range(x, self._limit)
        value, low, high = (min(1.0, error) for error in (self.law.at(x), low, high))
        return Estimate(1 - value, 1 - high, 1 - low)

    def gain(self, factor: float = 2.0) -> Estimate:
        """Return how much accuracy a multiple of the images of the largest point would bring."""
        low, high = self._laws.fall_range(1.0, factor, self._limit)
        return Estimate(self.law.at(1.0) - self.law.at(factor), low, high)


def learning_curve_of(
    points: Sequence[LearningPoint], *, num_train: int, is_same_test: bool = False
) -> LearningCurve | None:
    """Find the curve by least squares; None with fewer than `FEWEST_SIZES` numbers of images.

    The intervals hold all curves that are not much farther from the points than the nearest one
    (profile likelihood): they are wide where the points don't decide, and stay where errors can
    be. `curve_noise` says how much points vary; `docs/benchmarks.md` has the coverage.

    Args:
        points: Of each number of images, one or several with different seeds.
        num_train: Training images, in all, where all that there are take part.
        is_same_test: Whether all seeds have the same test images; else each has its own split.
    """
    numbers = sorted({point.num_images for point in points})
    if len(numbers) < FEWEST_SIZES:
        return None
    errors = _errors_by_seed(points, numbers)
    tests = [[p.num_test for p in points if p.num_images == number] for number in numbers]
    num_test = np.array([fmean(each) for each in tests])
    noise = curve_noise(errors, num_test, num_train=num_train, is_same_test=is_same_test)
    x = np.array(numbers) / numbers[-1]
    precision = np.asarray(np.linalg.inv(noise.covariance), np.float64)
    laws = PowerLaws(x, noise.errors, precision)
    least = laws.best().distance
    # Points that no curve comes near say that a curve is not all.
    spare = len(numbers) - FEWEST_SIZES
    misfit = max(1.0, least / spare) if spare else 1.0
    return LearningCurve(laws, least + misfit * _quantile(noise.degrees) ** 2, numbers[-1])


def _errors_by_seed(points: Sequence[LearningPoint], numbers: list[int]) -> NDArray[np.float64]:
    """Return errors of shape `(num_seeds, len(numbers))`; NaN where a seed lacks a number."""
    seeds = sorted({point.seed for point in points})
    errors = np.full((len(seeds), len(numbers)), np.nan)
    for point in points:
        place = seeds.index(point.seed), numbers.index(point.num_images)
        errors[place] = 1 - point.accuracy
    return errors


def _quantile(degrees: float) -> float:
    """Return Student's quantile, or the normal one where no repeats tell the variance."""
    if not degrees:
        return NormalDist().inv_cdf(_PROBABILITY)
    # Imported late: it takes longer than all the rest.
    from scipy.special import stdtrit

    return float(stdtrit(degrees, _PROBABILITY))
