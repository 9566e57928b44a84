"""The one decoder: thumbnails, training, prediction and export checks all see these pixels."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.data.picture_opening import PILLOW_ERRORS, open_picture
from core.data.pixel_formats import BACKGROUND
from core.errors import ImageError
from core.image_fault import ImageFault

DECODER_VERSION = 1
"""Part of every cache key; raise it when the same file is decoded to other pixels than before."""

# With Pillow's antialiasing this is what `tf.image.resize(method="bilinear", antialias=True)`
# does, so that preprocessing inside an exported graph can agree with it.
_FILTER = Image.Resampling.BILINEAR

# A JPEG decoded at a fraction keeps at least twice the wanted size, so that the filter, not
# the JPEG library's coarser one, decides the result.
_DRAFT_MARGIN = 2
# Up to here a filter over two pixels loses next to nothing.
_NEAR = 1.5


class Fit(StrEnum):
    """How a picture of any shape becomes one of the size that a backbone expects.

    Attributes:
        SQUASH: Stretch both sides; the whole picture is seen, its proportions are not kept.
        CROP: Scale until the shorter side fits, keep the centre.
        PAD: Scale until the longer side fits, white beside the picture.
    """

    SQUASH = "squash"
    CROP = "crop"
    PAD = "pad"


def decode_image(
    content: bytes, *, size: tuple[int, int] | None, fit: Fit = Fit.SQUASH
) -> NDArray[np.uint8]:
    """Decode a picture file, upright and without transparency. Safe with threads.

    Args:
        content: The whole file, of one of the `IMAGE_FORMATS`; of an animation the first frame.
        size: `(height, width)` of the result; `None` keeps the picture's own.
        fit: What to do when the proportions differ.

    Returns:
        RGB values, shape `(height, width, 3)`.

    Raises:
        ImageError: If it is no usable picture.
    """
    if size is None:
        return _pixels(open_picture(content))
    return _fitted(_opened_for(content, size, fit), size, fit)


def decode_image_about(content: bytes, *, size: tuple[int, int], fit: Fit) -> NDArray[np.uint8]:
    """Decode a picture file that is resampled afterwards; see `decode_image`.

    Args:
        size: `(height, width)` that is wanted.

    Returns:
        RGB values of that size, or with `Fit.SQUASH` the picture as it is if it is smaller or
        only a little larger: resizing it first would cost time and sharpness.

    Raises:
        ImageError: See `decode_image`.
    """
    picture = _opened_for(content, size, fit)
    height, width = size
    is_larger = picture.height > _NEAR * height or picture.width > _NEAR * width
    if fit is Fit.SQUASH and not is_larger:
        return _pixels(picture)
    return _fitted(picture, size, fit)


def scaled_size(picture: tuple[int, int], target: tuple[int, int], fit: Fit) -> tuple[int, int]:
    """Size to which a picture is scaled before it is cropped or padded.

    Args:
        picture: Its `(height, width)`.
        target: The wanted `(height, width)`.
        fit: `SQUASH` gives `target`; with `CROP` no side is below `target`, with `PAD` none
            above it.

    Returns:
        `(height, width)`, each the nearest whole number (halves up) and at least 1.
    """
    if fit is Fit.SQUASH:
        return target
    factors = (target[0] / picture[0], target[1] / picture[1])
    factor = max(factors) if fit is Fit.CROP else min(factors)
    height, width = (max(1, int(side * factor + 0.5)) for side in picture)
    return height, width


def fit_picture(picture: Image.Image, target: tuple[int, int], fit: Fit) -> Image.Image:
    """Bring an upright `RGB` picture to `(height, width)`; see `Fit`.

    Cropping starts and padding places the picture at half the difference, rounded down.
    """
    height, width = target
    if (picture.height, picture.width) == target:
        return picture
    if fit is Fit.SQUASH:
        return picture.resize((width, height), _FILTER)
    scaled_height, scaled_width = scaled_size((picture.height, picture.width), target, fit)
    if fit is Fit.CROP:
        top, left = (scaled_height - height) // 2, (scaled_width - width) // 2
        # Only the part that is kept is computed: scaling a 10,000×1 picture whole would
        # need gigabytes.
        across, down = picture.width / scaled_width, picture.height / scaled_height
        box = (left * across, top * down, (left + width) * across, (top + height) * down)
        return picture.resize((width, height), _FILTER, box=box)
    canvas = Image.new("RGB", (width, height), BACKGROUND)
    corner = ((width - scaled_width) // 2, (height - scaled_height) // 2)
    canvas.paste(picture.resize((scaled_width, scaled_height), _FILTER), corner)
    return canvas


def _opened_for(content: bytes, size: tuple[int, int], fit: Fit) -> Image.Image:
    def decode_size(picture_width: int, picture_height: int) -> tuple[int, int]:
        scaled = scaled_size((picture_height, picture_width), size, fit)
        return _DRAFT_MARGIN * scaled[1], _DRAFT_MARGIN * scaled[0]

    return open_picture(content, decode_size)


def _fitted(picture: Image.Image, size: tuple[int, int], fit: Fit) -> NDArray[np.uint8]:
    try:
        return _pixels(fit_picture(picture, size, fit))
    except PILLOW_ERRORS as error:
        sides = str(picture.width), str(picture.height)
        raise ImageError(ImageFault.NOT_RESIZABLE, *sides) from error


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    return np.array(picture, dtype=np.uint8)
