"""The one decoder: thumbnails, training, prediction and export checks all see these pixels."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.choice import Choice
from core.data.image_opening import PILLOW_ERRORS, open_image
from core.data.pixel_formats import BACKGROUND
from core.errors import ImageError
from core.image_fault import ImageFault
from core.text import Text

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
    content: bytes, *, size: tuple[int, int] | None, resize_mode: ResizeMode = ResizeMode.SQUASH
) -> NDArray[np.uint8]:
    """Decode an image file, upright and without transparency. Safe with threads.

    Args:
        content: The whole file, of one of the `IMAGE_FORMATS`; of an animation the first frame.
        size: `(height, width)` of the result; `None` keeps the image's own.
        resize_mode: What to do when the proportions differ.

    Returns:
        RGB values, shape `(height, width, 3)`.

    Raises:
        ImageError: If it is no usable image.
    """
    if size is None:
        return _pixels(open_image(content))
    return _fitted(_opened_for(content, size, resize_mode), size, resize_mode)


def decode_image_about(
    content: bytes, *, size: tuple[int, int], resize_mode: ResizeMode
) -> NDArray[np.uint8]:
    """Decode an image file that is resampled afterwards; see `decode_image`.

    Args:
        size: `(height, width)` that is wanted.

    Returns:
        RGB values of that size, or with `Fit.SQUASH` the image as it is if it is smaller or
        only a little larger: resizing it first would cost time and sharpness.

    Raises:
        ImageError: See `decode_image`.
    """
    image = _opened_for(content, size, resize_mode)
    height, width = size
    is_larger = image.height > _NEAR * height or image.width > _NEAR * width
    if resize_mode is ResizeMode.SQUASH and not is_larger:
        return _pixels(image)
    return _fitted(image, size, resize_mode)


def scaled_size(
    image: tuple[int, int], target: tuple[int, int], resize_mode: ResizeMode
) -> tuple[int, int]:
    """Size to which an image is scaled before it is cropped or padded.

    Args:
        image: Its `(height, width)`.
        target: The wanted `(height, width)`.
        resize_mode: `SQUASH` gives `target`; with `CROP` no side is below `target`, with `PAD` none
            above it.

    Returns:
        `(height, width)`, each the nearest whole number (halves up) and at least 1.
    """
    if resize_mode is ResizeMode.SQUASH:
        return target
    factors = (target[0] / image[0], target[1] / image[1])
    factor = max(factors) if resize_mode is ResizeMode.CROP else min(factors)
    height, width = (max(1, int(side * factor + 0.5)) for side in image)
    return height, width


def resized(image: Image.Image, target: tuple[int, int], resize_mode: ResizeMode) -> Image.Image:
    """Bring an upright `RGB` image to `(height, width)`; see `Fit`.

    Cropping starts and padding places the image at half the difference, rounded down.
    """
    height, width = target
    if (image.height, image.width) == target:
        return image
    if resize_mode is ResizeMode.SQUASH:
        return image.resize((width, height), _FILTER)
    scaled_height, scaled_width = scaled_size((image.height, image.width), target, resize_mode)
    if resize_mode is ResizeMode.CROP:
        top, left = (scaled_height - height) // 2, (scaled_width - width) // 2
        # Only the part that is kept is computed: scaling a 10,000×1 image whole would
        # need gigabytes.
        across, down = image.width / scaled_width, image.height / scaled_height
        box = (left * across, top * down, (left + width) * across, (top + height) * down)
        return image.resize((width, height), _FILTER, box=box)
    canvas = Image.new("RGB", (width, height), BACKGROUND)
    corner = ((width - scaled_width) // 2, (height - scaled_height) // 2)
    canvas.paste(image.resize((scaled_width, scaled_height), _FILTER), corner)
    return canvas


def _opened_for(content: bytes, size: tuple[int, int], resize_mode: ResizeMode) -> Image.Image:
    def decode_size(image_width: int, image_height: int) -> tuple[int, int]:
        scaled = scaled_size((image_height, image_width), size, resize_mode)
        return _DRAFT_MARGIN * scaled[1], _DRAFT_MARGIN * scaled[0]

    return open_image(content, decode_size)


def _fitted(
    image: Image.Image, size: tuple[int, int], resize_mode: ResizeMode
) -> NDArray[np.uint8]:
    try:
        return _pixels(resized(image, size, resize_mode))
    except PILLOW_ERRORS as error:
        sides = str(image.width), str(image.height)
        raise ImageError(ImageFault.NOT_RESIZABLE, *sides) from error


def _pixels(image: Image.Image) -> NDArray[np.uint8]:
    return np.array(image, dtype=np.uint8)
