"""From any of Pillow's pixel formats to RGB with eight bits a channel."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ImageError

BACKGROUND = (255, 255, 255)
"""Colour behind transparent pixels and beside padded pictures: the paper most pictures lie on."""

_ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert a loaded picture to mode `RGB`.

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
        raise ImageError("has colours in the CIELAB space, which Fieldguide doesn't read")
    return image.convert("RGB")


def _over_background(image: Image.Image) -> Image.Image:
    picture = image.convert("RGBA")
    canvas = Image.new("RGBA", picture.size, BACKGROUND)
    return Image.alpha_composite(canvas, picture).convert("RGB")


def _wide_to_rgb(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    gray = _full_range(values) if _is_16_bit(image.mode, values) else _own_range(values)
    transparent = image.info.get("transparency")
    if isinstance(transparent, int):
        gray[values == transparent] = BACKGROUND[0]
    return Image.fromarray(gray).convert("RGB")


def _is_16_bit(mode: str, values: NDArray[np.generic]) -> bool:
    """Whether values run from 0 to 65535; Pillow also keeps some 16-bit files as `I`."""
    if mode.startswith("I;16"):
        return True
    return mode == "I" and bool(values.min() >= 0) and bool(255 < values.max() <= 65535)


def _full_range(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    return ((values.astype(np.uint32) * 255 + 32767) // 65535).astype(np.uint8)


def _own_range(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    wide = values.astype(np.float64)
    finite = wide[np.isfinite(wide)]
    if not finite.size:
        raise ImageError("holds no finite pixel value")
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return np.zeros(wide.shape, np.uint8)
    # A pixel that is not a number has no brightness: it becomes black.
    scaled = np.nan_to_num((wide - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    return np.clip(np.rint(scaled * 255), 0, 255).astype(np.uint8)
