"""The probability below which an image counts as unknown."""

import math

import numpy as np
from numpy.typing import NDArray

KEPT_FRACTION = 0.95
"""Fraction of correctly classified images that stay above the threshold."""

# Fewer are not enough to estimate 1 in 20.
_FEWEST_IMAGES = 20
# Fine enough to show. Rounded down, so that the last digits of another runtime don't matter.
_STEPS = 1_000


def learn_unknown_threshold(
    confidences: NDArray[np.floating], is_correct: NDArray[np.bool_]
) -> float:
    """Find the largest threshold that keeps 95% of the correctly classified images.

    An image of none of the classes mostly gets a lower best probability than one of them, which
    is how Hendrycks and Gimpel, "A Baseline for Detecting Misclassified and Out-of-Distribution
    Examples in Neural Networks" (2017), tell them apart, at the field's usual 95% of known ones
    kept. The quantile is taken as in split conformal prediction (Vovk et al., 2005), so that the
    fraction holds for new images too and not only for those that it was learned on.

    Args:
        confidences: Calibrated probability of the best class, in [0, 1], of images that the
            model wasn't trained on; shape `(num_images,)`.
        is_correct: Whether that class is the true one.

    Returns:
        In [0, 1], a whole number of thousandths; 0, with which nothing is unknown, if too few
        images are classified correctly.
    """
    right = np.sort(confidences[is_correct])
    if len(right) < _FEWEST_IMAGES:
        return 0.0
    rank = math.floor((1 - KEPT_FRACTION) * (len(right) + 1))
    return math.floor(float(right[rank - 1]) * _STEPS) / _STEPS if rank else 0.0
