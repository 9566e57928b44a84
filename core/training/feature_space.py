"""The centre and the scale of feature vectors."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import TrainingError
from core.models.litert_head import DenseWeights
from core.text import count_text
from core.training.head_data import HeadData

# Rows at once: 21 MB of 1,280 features.
_PORTION_ROWS = 4096


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """Coordinates in which L-BFGS needs few iterations, whatever the features' size.

    The mean is 0 there, so that kernel and bias hardly depend on each other, and the mean squared
    distance from it is 1, so that a penalty means the same for all backbones. Features that never
    change change nothing.

    Attributes:
        mean: Of the features, float32 `(feature_dim,)`.
        scale: What they are multiplied with after the mean is subtracted.
    """

    mean: NDArray[np.float32]
    scale: float

    def enter(self, vectors: NDArray[np.float32]) -> None:
        """Move vectors into the space, in place."""
        vectors -= self.mean
        vectors *= np.float32(self.scale)

    def layer(self, kernel: NDArray[np.float64], bias: NDArray[np.float64]) -> DenseWeights:
        """Return the layer for features as they come, of weights for those in the space."""
        kernel = kernel * self.scale
        bias = bias - self.mean.astype(np.float64) @ kernel
        return DenseWeights(kernel.astype(np.float32), bias.astype(np.float32))


def measure_features(data: HeadData, check: Callable[[], None]) -> FeatureSpace:
    """Find the space of a split's vectors in one pass.

    Args:
        check: Called before each portion; may raise.

    Raises:
        TrainingError: If a feature is not a finite number.
    """
    count, distances = 0, 0.0
    mean = np.zeros(data.vectors.shape[1], np.float64)
    for vectors, _ in portions(data):
        check()
        _require_finite(vectors)
        # Chan et al., "Updating formulae and a pairwise algorithm for computing sample
        # variances" (1979): exact where the mean is large beside the distances.
        own = vectors.mean(axis=0, dtype=np.float64)
        offset, total = own - mean, count + len(vectors)
        between = float(offset @ offset) * count * len(vectors) / total
        distances += float(np.square(vectors - own).sum()) + between
        mean += offset * (len(vectors) / total)
        count = total
    spread = math.sqrt(distances / max(count, 1))
    return FeatureSpace(mean.astype(np.float32), 1 / spread if spread > 0 else 1.0)


def portions(data: HeadData) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """Yield copies of a split's vectors, with their classes, in order."""
    for start in range(0, len(data.rows), _PORTION_ROWS):
        rows = data.rows[start : start + _PORTION_ROWS]
        yield data.vectors[rows], data.class_indices[rows]


def _require_finite(vectors: NDArray[np.float32]) -> None:
    is_finite = np.isfinite(vectors).all(axis=1)
    if not is_finite.all():
        raise TrainingError(
            count_text(
                "The backbone's features of %n picture(s) are not finite numbers, so the head "
                "can't be fitted. Choose another backbone.",
                "",
                int(np.count_nonzero(~is_finite)),
            )
        )
