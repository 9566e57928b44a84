"""Feature vectors of changed copies of images, for a head on a backbone that stays as it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.pixels.augmentation import (
    AUGMENTATION_VERSION,
    Augmentation,
    decode_augmented,
    random_for,
)
from core.data.pixels.decoder import ResizeMode

# Not the run's seed, so that other runs with the same settings find these copies in the cache.
_SEED = 0


@dataclass(frozen=True, slots=True)
class AugmentedVersion:
    """One of several changed copies of each image.

    Attributes:
        augmentation: What may be changed.
        number: From 1.
    """

    augmentation: Augmentation
    number: int

    def variant(self) -> str:
        """Return a text that differs for every number and augmentation, for the cache's key."""
        # With the older name of `saturation`, so that caches stay valid.
        settings = repr(self.augmentation).replace("saturation=", "color=")
        return f"({settings}, {self.number}, {AUGMENTATION_VERSION})"

    def decode(
        self,
        sha256: bytes,
        content: bytes,
        *,
        size: tuple[int, int],
        resize_mode: ResizeMode,
        sample_bits: int | None = None,
    ) -> NDArray[np.uint8]:
        """Decode the copy's pixels, which depend on settings, number and content alone.

        Raises:
            ImageError: If it is no usable image.
        """
        return decode_augmented(
            content,
            size=size,
            resize_mode=resize_mode,
            augmentation=self.augmentation,
            random=random_for(_SEED, self.number, sha256),
            sample_bits=sample_bits,
        )
