"""How much the points of a learning curve vary, and how much together.

Trainings of one seed are tested on the same images, so a split that is easy by chance is so for all
of them. A curve's level is less certain for that, and its slope more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Without repeats nothing tells how much trainings vary beside their test images.
_DISPERSION_OF_ONE_SEED = 1.5
# What is taken for the correlation before any repeat is seen, and how many repeats outweigh it.
_LIKELY_CORRELATION = 0.5
_WEIGHT_OF_LIKELY = 2.0
_LARGEST_CORRELATION = 0.95


@dataclass(frozen=True, slots=True, eq=False)
class CurveNoise:
    """Mean errors of the repeats with each number of training images, and how they vary.

    Attributes:
        errors: Mean error for each number of images, in [0, 1].
        covariance: Of these means.
        degrees: Degrees of freedom of the estimated variance; 0 where there are no repeats.
    """

    errors: Floats
    covariance: Floats
    degrees: float


def curve_noise(
    errors: Floats, num_test: Floats, *, num_train: int, is_same_test: bool
) -> CurveNoise:
    """Estimate the noise from repeats and numbers of test images.

    A training's error varies as a proportion of its test images does, and by the luck of its
    training, which repeats show: their variance over the binomial one is the dispersion, never
    taken for less than 1. Repeats on random splits of the same images overlap; their mean varies
    more than it seems, by Nadeau and Bengio's correction as in `chance.corrected_resampled_test`.

    If all that a larger training gets wrong a smaller one did too, errors p ≤ q of the same test
    images have the covariance p(1 - q) / number of images. What fraction of that they have is
    the correlation estimated from repeats.

    Args:
        errors: Shape `(num_seeds, num_sizes)`; NaN where a seed lacks a size.
        num_test: Test images of each size.
        num_train: Training images, in all, where all that there are take part.
        is_same_test: Whether the seeds have the same test images.
    """
    means = np.nanmean(errors, axis=0)
    # As of one more image wrong and one more right: without an error the variance isn't 0.
    proportions = (means * num_test + 1) / (num_test + 2)
    deviations = np.sqrt(proportions * (1 - proportions) / num_test)
    scaled = (errors - means) / deviations
    repeats = np.sum(~np.isnan(errors), axis=0)
    degrees = float((repeats - 1).sum())
    squares = float(np.nansum(scaled**2))
    dispersion = squares / degrees if degrees else _DISPERSION_OF_ONE_SEED
    nested = _nested_correlation(proportions)
    products = float(np.sum(np.nansum(scaled, axis=1) ** 2)) - squares
    correlation = _correlation(products, squares, nested)
    overlap = float(num_test.mean()) / num_train
    if is_same_test:  # Repeats don't average the luck of the test images out.
        factors = 1 + dispersion / repeats
    else:
        factors = max(1.0, dispersion) * (1 / repeats + overlap)
    scale = deviations * np.sqrt(factors)
    together = np.where(np.eye(len(means)) == 1, 1.0, correlation * nested)
    # Fully correlated sizes have no more degrees of freedom than one of them.
    degrees *= 1 - correlation + correlation / len(means)
    return CurveNoise(means, np.outer(scale, scale) * together, degrees)


def _nested_correlation(proportions: Floats) -> Floats:
    """Return the correlations of errors on the same images if each includes the smaller ones."""
    low = np.minimum.outer(proportions, proportions)
    high = np.maximum.outer(proportions, proportions)
    correlations: Floats = low * (1 - high) / np.sqrt(low * (1 - low) * high * (1 - high))
    return correlations


def _correlation(products: float, squares: float, nested: Floats) -> float:
    """Return which fraction of the nested correlation the sizes of a seed have, in [0, 1).

    Args:
        products: Sum of the products of all pairs of sizes, in both orders.
        squares: Sum of the squares.
    """
    num_others = len(nested) - 1
    typical = (float(nested.sum()) - len(nested)) / (len(nested) * num_others)
    found = products / num_others / typical + _WEIGHT_OF_LIKELY * _LIKELY_CORRELATION
    return min(max(0.0, found / (squares + _WEIGHT_OF_LIKELY)), _LARGEST_CORRELATION)
