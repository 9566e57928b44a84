"""What is done to feature vectors of several parts before a head learns from them.

A part without negative values is replaced by its square root. Then a feature vector gets one
factor, and each number of a stage a factor of its own that makes its standard deviation 1 before
the part's weight, or 0 if it is constant. Dividing each part by its length, as is often done,
brought nothing beyond (docs/benchmarks.md), and what comes out of that is too fine for 8 bits.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import FeaturePart

# Root mean square lengths, of the stages all together. For an exact fit their ratio counts alone;
# docs/benchmarks.md tells what it was chosen on. The vector's is about the embedded backbone's own,
# so that learning rates and penalties mean what they mean without parts.
_VECTOR_LENGTH = 16.0
_STAGE_LENGTH = 12.0
# With this many training images stages have half of that: from few images their scales are guesses.
_IMAGES_FOR_HALF = 150
_ROWS_AT_ONCE = 4096
_SMALLEST = 1e-6


@dataclass(frozen=True, slots=True)
class FeatureScaling:
    """A root of some parts, then a factor and an offset a number.

    Attributes:
        widths: Of the parts.
        roots: For each part whether it is replaced by its square root; negative values count as 0.
        factors: float32 `(feature_dim,)`.
        offsets: float32 `(feature_dim,)`, added afterwards.
    """

    widths: tuple[int, ...]
    roots: tuple[bool, ...]
    factors: NDArray[np.float32]
    offsets: NDArray[np.float32]

    def apply(self, vectors: NDArray[np.float32]) -> None:
        """Scale feature vectors, float32 `(num_images, feature_dim)`, in place."""
        for start in range(0, len(vectors), _ROWS_AT_ONCE):
            portion = vectors[start : start + _ROWS_AT_ONCE]
            _take_roots(portion, self.widths, self.roots)
            portion *= self.factors
            portion += self.offsets


def learn_scaling(
    vectors: NDArray[np.float32], rows: NDArray[np.int64], parts: Sequence[FeaturePart]
) -> FeatureScaling:
    """Learn a scaling from the training images.

    Args:
        vectors: float32 `(num_images, feature_dim)` of all images; may be a memory map.
        rows: Positions of the training images, at least one.
        parts: What the vectors consist of.
    """
    widths = tuple(part.width for part in parts)
    smallest = np.min([portion.min(axis=0) for portion in _portions(vectors, rows)], axis=0)
    roots = tuple(bool(each.min() >= 0) for each in _split(smallest, widths))
    mean, variance = _moments(vectors, rows, widths, roots)
    stage_length = _STAGE_LENGTH * len(rows) / (len(rows) + _IMAGES_FOR_HALF)
    factors = []
    for part, total, own_mean, own_variance in zip(
        parts, _stage_widths(parts), _split(mean, widths), _split(variance, widths), strict=True
    ):
        if part.is_stage:
            deviations = np.sqrt(own_variance)
            # Nothing can be learned from a constant, such as the mean of a channel that none of
            # the images activates; in others, divided by next to nothing, it would outweigh all.
            varies = deviations > _SMALLEST * np.maximum(1, np.abs(own_mean))
            own_factors = np.zeros(part.width)
            own_factors[varies] = stage_length / np.sqrt(total) / deviations[varies]
            factors.append(own_factors)
        else:
            mean_square = float(np.sum(own_mean**2 + own_variance))
            factor = _VECTOR_LENGTH / np.sqrt(max(mean_square, _SMALLEST**2))
            factors.append(np.full(part.width, factor))
    joined = np.concatenate(factors)
    return FeatureScaling(
        widths, roots, joined.astype(np.float32), (-mean * joined).astype(np.float32)
    )


def _stage_widths(parts: Sequence[FeaturePart]) -> list[int]:
    """Return for each part the width of all stages of its backbone together."""
    backbones = list(accumulate(not part.is_stage for part in parts))
    widths = Counter[int]()
    for backbone, part in zip(backbones, parts, strict=True):
        widths[backbone] += part.width * part.is_stage
    return [widths[backbone] for backbone in backbones]


def _moments(
    vectors: NDArray[np.float32],
    rows: NDArray[np.int64],
    widths: Sequence[int],
    roots: Sequence[bool],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and variance of each number after the roots, float64 `(feature_dim,)`."""

    def rooted() -> Iterator[NDArray[np.float64]]:
        for portion in _portions(vectors, rows):
            _take_roots(portion, widths, roots)
            yield portion.astype(np.float64)

    mean = sum(portion.sum(axis=0) for portion in rooted()) / len(rows)
    squares = sum(((portion - mean) ** 2).sum(axis=0) for portion in rooted())
    return mean, np.asarray(squares / len(rows))


def _portions(
    vectors: NDArray[np.float32], rows: NDArray[np.int64]
) -> Iterator[NDArray[np.float32]]:
    """Yield copies of these rows in bounded portions."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield vectors[rows[start : start + _ROWS_AT_ONCE]]


def _take_roots(vectors: NDArray[np.float32], widths: Sequence[int], roots: Sequence[bool]) -> None:
    start = 0
    for width, takes_root in zip(widths, roots, strict=True):
        if takes_root:
            part = vectors[:, start : start + width]
            np.sqrt(np.maximum(part, 0, out=part), out=part)
        start += width


def _split(values: NDArray[np.float64], widths: Sequence[int]) -> list[NDArray[np.float64]]:
    return np.split(values, np.cumsum(widths)[:-1])
