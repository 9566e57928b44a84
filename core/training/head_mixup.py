"""Mixup of feature vectors: Zhang et al., "mixup: Beyond Empirical Risk Minimization" (2018)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.settings.config import TrainConfig

_STREAM = 2


@dataclass(frozen=True, slots=True)
class Blend:
    """What was blended into rows.

    Attributes:
        class_indices: int32, the class of the row that was blended in.
        weights: float32, how much of the loss is for the row's own class; the rest is for that one.
    """

    class_indices: NDArray[np.int32]
    weights: NDArray[np.float32]


class Mixup:
    """Blends each row of an epoch with another one; seed and epoch alone decide with which.

    Each pair has a fraction of its own. Blending a with b is the same as b with a, so the larger
    fraction always goes to the row itself: its class stays the right answer.
    """

    def __init__(self, config: TrainConfig, epoch: int) -> None:
        self._alpha = config.mixup
        self._random = np.random.default_rng([config.seed, epoch, _STREAM])

    def apply(
        self,
        vectors: NDArray[np.float32],
        class_indices: NDArray[np.int32],
        row_weights: NDArray[np.float32],
        num_rows: int,
    ) -> Blend:
        """Blend rows among themselves.

        Args:
            vectors: float32 `(rows, feature_dim)`, changed in place.
            class_indices: int32, one a row.
            row_weights: float32, one a row, above 0; changed in place, so that each part of a
                blend weighs in the loss what its class does.
            num_rows: Number of rows to blend; those after them are padding and stay.
        """
        partners = np.arange(len(vectors))
        partners[:num_rows] = self._random.permutation(num_rows)
        drawn = self._random.beta(self._alpha, self._alpha, num_rows)
        own = np.ones(len(vectors), np.float32)
        own[:num_rows] = np.maximum(drawn, 1 - drawn)
        other = 1 - own
        vectors[:] = own[:, np.newaxis] * vectors + other[:, np.newaxis] * vectors[partners]
        own_weights = own * row_weights
        row_weights[:] = own_weights + other * row_weights[partners]
        return Blend(class_indices[partners], own_weights / row_weights)
