"""Read JPEG XL."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from .jpeg_xl_header import SRGB, JpegXlHeader, read_jpeg_xl_header
from .samples import Samples, samples_of_channels
from .unreadable import require


def jpeg_xl_samples(content: bytes) -> Samples:
    """Decode the first frame of a JPEG XL, upright.

    Raises:
        UnreadableError: If the package for it is missing.
        Exception: What imagecodecs raises for damaged files.
    """
    imagecodecs = require("imagecodecs", "JPEG XL")
    values = imagecodecs.jpegxl_decode(content, index=0, numthreads=1)
    header = read_jpeg_xl_header(content)
    profile = _profile(header.chromaticities, is_linear=header.is_linear)
    return samples_of_channels(values, _declared_range(values, header), profile)


def _declared_range(values: Any, header: JpegXlHeader) -> tuple[float, float] | None:
    if values.dtype.kind == "f":
        return 0.0, 1.0
    is_declared = values.dtype == np.uint16 and header.bits is not None and header.bits < 16
    return (0, (1 << (header.bits or 0)) - 1) if is_declared else None


@lru_cache(maxsize=8)
def _profile(chromaticities: tuple[float, ...], *, is_linear: bool) -> bytes:
    """An ICC profile of such colors; b"" for those of sRGB, and for impossible ones."""
    if chromaticities == SRGB and not is_linear:
        return b""
    imagecodecs = require("imagecodecs", "JPEG XL")
    points = [(*chromaticities[at : at + 2], 1.0) for at in range(0, len(chromaticities), 2)]
    options: dict[str, Any] = {"gamma": 1.0}
    if not is_linear:
        values = np.linspace(0, 1, 4096)
        curve = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
        options = {"transferfunction": np.rint(curve * 65535).astype(np.uint16)}
    try:
        made = imagecodecs.cms_profile(
            "rgb", whitepoint=points[0], primaries=sum(points[1:], ()), **options
        )
    except (RuntimeError, ValueError):
        return b""
    return bytes(made)
