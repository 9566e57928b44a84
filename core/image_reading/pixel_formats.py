"""Convert any of Pillow's pixel formats to RGB with eight bits a channel."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .color_profile import to_srgb
from .samples import BACKGROUND, Samples

_ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_FULL_RANGE = (0.0, 65535.0)


def image_to_rgb(image: Image.Image) -> Image.Image:
    """Convert a loaded image of eight bits a channel to mode `RGB`, colors of sRGB.

    Transparency lies over white. An embedded color profile is applied.
    """
    if image.mode in _ALPHA_MODES or "transparency" in image.info:
        return _over_background(image)
    return to_srgb(image if image.mode in ("L", "CMYK", "LAB") else _converted(image, "RGB"))


def samples_of(image: Image.Image, file_format: str | None) -> Samples | None:
    """Return the samples of a loaded image of more than eight bits; None for others."""
    if image.mode != "F" and not image.mode.startswith("I"):
        return None
    values = np.asarray(image)
    # Pillow scales the samples of PGMs to all of the 16 bits.
    is_full = image.mode.startswith("I;16") or file_format == "PPM"
    declared = _FULL_RANGE if is_full and image.mode != "F" else None
    profile = image.info.get("icc_profile") or b""
    return Samples(values[..., np.newaxis], range=declared, profile=profile)


def _over_background(image: Image.Image) -> Image.Image:
    colored = image.convert("RGBA")
    alpha = colored.getchannel("A")
    # 32-bit BMPs of many programs have zeros where others have opacity.
    is_opaque = image.format == "BMP" and alpha.getextrema()[1] == 0
    base = image.convert("LA").getchannel("L") if image.mode in ("LA", "La") else colored
    rgb = to_srgb(_with_profile(_converted(base, "L" if base.mode == "L" else "RGB"), image))
    if is_opaque:
        return rgb
    canvas = Image.new("RGB", rgb.size, BACKGROUND)
    canvas.paste(rgb, mask=alpha)
    return canvas


def _converted(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)


def _with_profile(image: Image.Image, original: Image.Image) -> Image.Image:
    if "icc_profile" in original.info:
        image.info["icc_profile"] = original.info["icc_profile"]
    return image
