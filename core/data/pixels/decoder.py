"""The one decoder: thumbnails, training, prediction and export checks all see these pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.choice import Choice
from core.data.files.image_files import image_errors
from core.image_reading.decoding import decoded
from core.text import Text

DECODER_VERSION = 2
"""Part of every cache key, of runs and of models; raise it when the same file is decoded to other
pixels than before. 2 applies color profiles and reads more than eight bits by their range."""

_MOST_BITS = 16


@dataclass(frozen=True, slots=True)
class Decoding:
    """How the images of a run were decoded; kept by the run and its model.

    Attributes:
        version: `DECODER_VERSION` at that time.
        sample_bits: How many bits its 16-bit samples use whose files don't say so; `None` if there
            are none.
    """

    version: int = DECODER_VERSION
    sample_bits: int | None = None

    @property
    def is_earlier(self) -> bool:
        """Whether some images are decoded to other pixels now."""
        return self.version != DECODER_VERSION

    def to_json_dict(self) -> dict[str, int | None]:
        """Return it as JSON values."""
        return {"decoder": self.version, "sample_bits": self.sample_bits}

    @classmethod
    def from_json_dict(cls, content: Mapping[str, Any]) -> Self:
        """Read it from `to_json_dict`'s values; the first version wrote none.

        Raises:
            ValueError: If a value is none that was written.
        """
        version, bits = content.get("decoder", 1), content.get("sample_bits")
        if type(version) is not int or version < 1:
            raise ValueError(Text("its decoder is no version"))
        if bits is not None and (type(bits) is not int or not 1 <= bits <= _MOST_BITS):
            raise ValueError(Text("its sample_bits is not within 1 to %1", _MOST_BITS))
        return cls(version, bits)


class ResizeMode(Choice):
    """How an image of any shape becomes one of the size that a backbone expects.

    Attributes:
        SQUASH: Stretch both sides; the whole image is seen, its proportions are not kept.
        CROP: Scale until the shorter side fits, keep the centre.
        PAD: Scale until the longer side fits, white beside the image.
    """

    SQUASH = "squash", Text("Squash")
    CROP = "crop", Text("Crop")
    PAD = "pad", Text("Pad")


def decode_image(
    content: bytes,
    *,
    size: tuple[int, int] | None,
    resize_mode: ResizeMode = ResizeMode.SQUASH,
    sample_bits: int | None = None,
) -> NDArray[np.uint8]:
    """Decode an image file, upright and without transparency. Safe with threads.

    Args:
        content: The whole file, of one of the `IMAGE_FORMATS`; of an animation the first frame.
        size: `(height, width)` of the result; `None` keeps the image's own.
        resize_mode: What to do when the proportions differ.
        sample_bits: How many bits 16-bit samples use whose file doesn't say so; `None` to find out
            from this image.

    Returns:
        RGB values, shape `(height, width, 3)`.

    Raises:
        ImageError: If it is no usable image.
    """
    with image_errors():
        return decoded(content, size, resize_mode, sample_bits)


def decode_image_about(
    content: bytes,
    *,
    size: tuple[int, int],
    resize_mode: ResizeMode,
    sample_bits: int | None = None,
) -> NDArray[np.uint8]:
    """Decode an image file that is resampled afterwards; see `decode_image`.

    Args:
        size: `(height, width)` that is wanted.

    Returns:
        RGB values of that size, or with `ResizeMode.SQUASH` the image as it is if it is smaller or
        only a little larger: resizing it first would cost time and sharpness.

    Raises:
        ImageError: See `decode_image`.
    """
    with image_errors():
        return decoded(content, size, resize_mode, sample_bits, is_resampled=True)
