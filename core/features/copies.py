"""Feature vectors of changed copies of pictures, for a head on a backbone that stays as it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.augmentation import (
    AUGMENTATION_VERSION,
    Augmentation,
    decode_augmented,
    random_for,
)
from core.data.decoder import Fit

# Not the run's seed: another run with the same settings finds the same copies in the cache.
_SEED = 0


@dataclass(frozen=True, slots=True)
class AugmentedCopy:
    """Which of several changed copies, and how it is changed.

    Attributes:
        augmentation: What may be changed.
        number: From 1.
    """

    augmentation: Augmentation
    number: int

    def variant(self) -> str:
        """What tells its features from the picture's own and from those of other copies."""
        return repr((self.augmentation, self.number, AUGMENTATION_VERSION))

    def decode(
        self, content: bytes, sha256: bytes, *, size: tuple[int, int], fit: Fit
    ) -> NDArray[np.uint8]:
        """The copy's pixels, which settings, number and content alone decide.

        Raises:
            ImageError: With the reason, if it is no usable picture.
        """
        return decode_augmented(
            content,
            size=size,
            fit=fit,
            augmentation=self.augmentation,
            random=random_for(_SEED, self.number, sha256),
        )
