"""Convert colors from the profile that a file embeds to sRGB."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from .unreadable import READER_ERRORS, require

# As Photoshop converts by default: relative colorimetric, black point compensated.
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
# Flags of LittleCMS by number: Pillow has names for them from 10.3 on.
_FLAGS: Any = 0x2000  # cmsFLAGS_BLACKPOINTCOMPENSATION
# Slower, but LittleCMS interpolates in a coarse table otherwise, which is 20 of 255 wrong in dark
# tones. With RGB of 8 bits it computes exactly by itself.
_EXACT_FLAGS: Any = _FLAGS | 0x0100  # cmsFLAGS_NOOPTIMIZE
# A profile that changes no color by more than this is sRGB, of which there are many versions.
_TOLERANCE = 1
_GRID = 9
# Those of printers have some megabytes; a larger one counts as none.
_MOST_BYTES = 16 << 20
_MOST_KEPT = 16
_SPACES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}


def to_srgb(image: Image.Image) -> Image.Image:
    """Convert an image of 8 bits a channel.

    Args:
        image: Loaded; of mode `L`, `RGB`, `CMYK` or `LAB`, the first three with the profile in
            `image.info["icc_profile"]`, if any.

    Returns:
        An `RGB` image. A profile that is damaged or of another kind of colors counts as none.
    """
    profile = image.info.get("icc_profile") or b""
    if image.mode == "LAB":
        return _applied(_lab_transform(), image)
    if profile:
        space = _space_of(profile)
        if space == "RGB" and image.mode == "L":
            image = image.convert("RGB")
        transform = _transform(profile, image.mode) if space == image.mode else None
        if transform is not None:
            return _applied(transform, image)
    return image if image.mode == "RGB" else image.convert("RGB")


def is_srgb(profile: bytes) -> bool:
    """Whether a profile changes no color, so that it needn't be applied; damaged ones don't."""
    space = _space_of(profile)
    return space not in ("RGB", "L") or _transform(profile, space) is None


def wide_to_srgb(values: Any, profile: bytes) -> Image.Image | None:
    """Convert samples of 16 bits, in which a linear profile keeps its dark tones.

    Args:
        values: uint16 `(height, width, channels)`, 1 or 3 channels.

    Returns:
        An `RGB` image; None if the profile is of another kind of colors.

    Raises:
        UnreadableError: If the package for it is missing.
    """
    imagecodecs = require("imagecodecs", "16 bits with a color profile")
    space = _space_of(profile)
    if space == "RGB" and values.shape[-1] == 1:
        values = np.repeat(values, 3, axis=-1)
    if space != ("L" if values.shape[-1] == 1 else "RGB"):
        return None
    converted = imagecodecs.cms_transform(
        np.ascontiguousarray(values[..., 0] if space == "L" else values),
        profile,
        _srgb(),
        colorspace="gray" if space == "L" else "rgb",
        outcolorspace="rgb",
        outdtype="uint8",
        intent=int(_INTENT),
        flags=_EXACT_FLAGS,
    )
    return Image.fromarray(converted)


@lru_cache(maxsize=_MOST_KEPT)
def _space_of(profile: bytes) -> str:
    """Mode of the images that a profile is for; "" if it is damaged or too large."""
    if len(profile) > _MOST_BYTES:
        return ""
    try:
        return _SPACES.get(_opened(profile).profile.xcolor_space, "")
    except (*READER_ERRORS, ImageCms.PyCMSError):
        return ""


@lru_cache(maxsize=_MOST_KEPT)
def _transform(profile: bytes, mode: str) -> Any:
    """The conversion to sRGB; None if the profile is sRGB or damaged."""
    try:
        flags = _EXACT_FLAGS if mode == "L" else _FLAGS
        transform = ImageCms.buildTransform(
            _opened(profile), ImageCms.createProfile("sRGB"), mode, "RGB", _INTENT, flags
        )
        if mode in ("RGB", "L"):
            before = _all_colors(mode)
            change = np.asarray(_applied(transform, before), int) - np.asarray(
                before.convert("RGB"), int
            )
            if np.abs(change).max() <= _TOLERANCE:
                return None
        return transform
    except (*READER_ERRORS, ImageCms.PyCMSError):
        return None


@lru_cache(maxsize=1)
def _lab_transform() -> Any:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB", _INTENT)


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _applied(transform: ImageCms.ImageCmsTransform, image: Image.Image) -> Image.Image:
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None  # as it is only when the image itself is changed
    return converted


def _opened(profile: bytes) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(profile))


def _all_colors(mode: str) -> Image.Image:
    if mode == "L":
        return Image.fromarray(np.arange(256, dtype=np.uint8)[np.newaxis])
    steps = np.linspace(0, 255, _GRID).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    return Image.fromarray(grid)
