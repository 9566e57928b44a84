"""Calibrate probabilities by temperature scaling.

The temperature becomes part of the saved weights, so that every format has the same probabilities.
"""

import numpy as np
from numpy.typing import NDArray

# Few or faultless validation images would drive the temperature to an extreme.
_BOUNDS = (0.5, 5.0)
_NUM_HALVINGS = 40
_GOLDEN = (5**0.5 - 1) / 2


def fit_temperature(logits: NDArray[np.float32], class_indices: NDArray[np.int64]) -> float:
    """Find the temperature by which to divide logits so that confidence matches accuracy.

    Minimises the negative log-likelihood, as in Guo et al., "On Calibration of Modern
    Neural Networks" (2017), by golden-section search: it has one minimum.

    Args:
        logits: Shape `(num_images, num_classes)`, from images not trained on.
        class_indices: True classes, shape `(num_images,)`.

    Returns:
        Between 0.5 and 5; 1 leaves probabilities as they are.
    """
    if len(logits) == 0:
        return 1.0
    low, high = np.log(_BOUNDS[0]), np.log(_BOUNDS[1])
    for _ in range(_NUM_HALVINGS):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if negative_log_likelihood(logits / np.exp(left), class_indices) < negative_log_likelihood(
            logits / np.exp(right), class_indices
        ):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def negative_log_likelihood(
    logits: NDArray[np.floating], class_indices: NDArray[np.int64]
) -> float:
    """Return the mean cross-entropy of softmax(logits) with the true classes, in nats."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return float(np.mean(log_sums - shifted[np.arange(len(shifted)), class_indices]))
