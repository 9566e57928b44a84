"""Convert any of Pillow's pixel formats to RGB with eight bits a channel."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ImageError
from core.image_fault import ImageFault

BACKGROUND = (255, 255, 255)
"""Colour behind transparent pixels and beside padded images: the paper most images lie on."""

_ROWS = 256
_ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert a loaded image to mode `RGB`.

    Transparency lies over white. 16-bit values are scaled from the full range, not clipped;
    floating-point and 32-bit values have no set range, so their own smallest and largest
    become black and white.

    Raises:
        ImageError: If the colour mode is one that can't be shown as RGB.
    """
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    if image.mode == "F" or image.mode.startswith("I"):
        return _wide_to_rgb(image)
    if image.mode in _ALPHA_MODES or "transparency" in image.info:
        return _over_background(image)
    if image.mode == "LAB":
        raise ImageError(ImageFault.CIELAB)
    return image.convert("RGB")


def _over_background(image: Image.Image) -> Image.Image:
    colored = image.convert("RGBA")
    canvas = Image.new("RGB", colored.size, BACKGROUND)
    canvas.paste(colored, mask=colored.getchannel("A"))
    return canvas


def _wide_to_rgb(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    low, high = _range(image, values)
    gray = np.empty(values.shape, np.uint8)
    # Some rows at a time: the steps between need eight times the image's memory.
    for start in range(0, len(values), _ROWS):
        rows = slice(start, start + _ROWS)
        scaled = (values[rows].astype(np.float64) - low) * (255 / (high - low))
        # A pixel that is not a number has no brightness: it becomes black.
        gray[rows] = np.clip(np.nan_to_num(np.rint(scaled), nan=0.0), 0, 255)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        gray[values == transparent] = BACKGROUND[0]
    return Image.fromarray(gray).convert("RGB")


def _range(image: Image.Image, values: NDArray[np.generic]) -> tuple[float, float]:
    """Values that become black and white."""
    if image.mode.startswith("I;16") or image.format == "PPM":
        return 0.0, 65535.0
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise ImageError(ImageFault.NO_FINITE_VALUE)
    low, high = float(finite.min()), float(finite.max())
    if image.mode == "I" and low >= 0 and high <= 65535:
        # Files of 32 bits mostly hold what a camera of 8 or 16 bits took.
        return 0.0, 255.0 if high <= 255 else 65535.0
    return low, high if high > low else low + 1.0
