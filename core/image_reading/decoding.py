"""The one decoder: from a file's bytes to pixels of the size that a model takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .opening import read_image
from .resizing import resized, scaled_size
from .unreadable import READER_ERRORS, UnreadableError

# A JPEG decoded at a fraction keeps at least twice the wanted size, so that the filter, not
# the JPEG library's coarser one, decides the result.
_DRAFT_MARGIN = 2
# Up to here a filter over two pixels loses next to nothing.
_NEAR = 1.5


def decoded(
    content: bytes,
    size: tuple[int, int] | None,
    resize_mode: str,
    sample_bits: int | None = None,
    *,
    is_resampled: bool = False,
) -> NDArray[np.uint8]:
    """Decode an image file, upright and without transparency. Safe with threads.

    Args:
        content: The whole file, of one of the `IMAGE_FORMATS`; of an animation the first frame.
        size: `(height, width)` of the result; None keeps the image's own.
        resize_mode: "squash", "crop" or "pad": how to change the proportions where they differ.
        sample_bits: See `read_image`.
        is_resampled: Whether the caller resizes the result. An image that is smaller or only a
            little larger then stays as it is with "squash": resizing it first would cost time and
            sharpness.

    Returns:
        RGB values, uint8 `(height, width, 3)`.

    Raises:
        UnreadableError: If it is no usable image.
    """
    if size is None:
        return _pixels(read_image(content, sample_bits=sample_bits).image)

    def decode_size(image_width: int, image_height: int) -> tuple[int, int]:
        scaled = scaled_size((image_height, image_width), size, resize_mode)
        return _DRAFT_MARGIN * scaled[1], _DRAFT_MARGIN * scaled[0]

    image = read_image(content, decode_size, sample_bits).image
    is_larger = image.height > _NEAR * size[0] or image.width > _NEAR * size[1]
    if is_resampled and resize_mode == "squash" and not is_larger:
        return _pixels(image)
    try:
        return _pixels(resized(image, size, resize_mode))
    except READER_ERRORS as error:
        sides = str(image.width), str(image.height)
        raise UnreadableError("NOT_RESIZABLE", *sides) from error


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    return np.array(image, dtype=np.uint8)
