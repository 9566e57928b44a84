"""Turn samples of any number type into RGB pixels with eight bits a channel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Optional, Tuple

import numpy as np
from PIL import Image

from .color_profile import is_srgb, wide_to_srgb
from .unreadable import UnreadableError

BACKGROUND = (255, 255, 255)
"""Color behind transparent pixels and beside padded images: the paper most images lie on."""

USUAL_BITS = (8, 10, 12, 14, 16)
"""Bits that cameras and scanners use of 16; a file that doesn't say how many uses one of these."""

# Fraction of a range that the brightest of an image's values reach, or it is of a smaller range.
_LEAST_FRACTION = 1 / 16
_OUTLIERS = 0.1  # percent at either end that say nothing about the range
_WIDENED = 1.25  # Ends that widen the range by less than this are no outliers.
_MOST_EXAMINED = 1 << 20
_ROWS = 256


@dataclass(frozen=True)
class Samples:
    """The samples of an image as its file has them.

    Attributes:
        values: `(height, width, channels)` of any real number type; 1 channel is gray, 3 are RGB.
        alpha: `(height, width)` of the same type, if there is transparency.
        is_premultiplied: Whether the values are multiplied with alpha already.
        white_is_zero: Whether large values are dark.
        range: Smallest and largest value, black and white, if the file says so.
        profile: ICC profile; b"" for none.
    """

    values: Any
    alpha: Any = None
    is_premultiplied: bool = False
    white_is_zero: bool = False
    range: Optional[Tuple[float, float]] = None
    profile: bytes = b""

    @cached_property
    def undeclared_largest(self) -> int | None:
        """The largest value of 16-bit samples whose file doesn't say how many bits it uses.

        None if it says so, if the samples are of another type, or if they are what all 8-bit values
        become in 16 bits: multiples of 257.
        """
        if self.range is not None or self.values.dtype not in (np.uint16, np.int16):
            return None
        if self.values.size == 0 or self.values.min() < 0:
            return None
        if self.values.dtype == np.uint16 and _are_multiples(self.values, 257):
            return None
        return int(self.values.max())


def samples_of_channels(
    values: Any, value_range: tuple[float, float] | None, profile: bytes
) -> Samples:
    """Return the samples of gray or RGB channels, with or without alpha as the last one.

    Args:
        values: `(height, width)` or `(height, width, channels)`.
        value_range: Smallest and largest value, if the file says so.

    Raises:
        ValueError: If there are more channels.
    """
    values = values.reshape(*values.shape[:2], -1)
    channels = values.shape[-1]
    if channels > 4:
        raise ValueError(f"{channels} channels")
    has_alpha = channels in (2, 4)
    return Samples(
        values[..., : channels - has_alpha],
        alpha=values[..., -1] if has_alpha else None,
        range=value_range,
        profile=profile,
    )


def bits_for(largest: int) -> int:
    """How many bits samples use, of which the largest is this."""
    return next(bits for bits in USUAL_BITS if largest < 1 << bits)


def samples_to_rgb(samples: Samples, sample_bits: int | None) -> Image.Image:
    """Make an RGB image of samples; transparency lies over white.

    Args:
        sample_bits: How many bits 16-bit samples use whose file doesn't say so; None to find out
            from this image's largest value.

    Raises:
        UnreadableError: If no value is a finite number.
    """
    low, high = samples.range or _found_range(samples, sample_bits)
    if samples.white_is_zero:
        low, high = high, low
    if samples.profile and not is_srgb(samples.profile):
        wide = _scaled(samples.values, low, high, 65535)
        image = wide_to_srgb(wide, samples.profile) or _image(_scaled(samples.values, low, high))
    else:
        image = _image(_scaled(samples.values, low, high))
    if samples.alpha is None:
        return image
    opaque = _opaque(samples.alpha, max(abs(low), abs(high)))
    alpha = Image.fromarray(_scaled(samples.alpha, 0, opaque))
    if samples.is_premultiplied:
        rest = 255 - np.asarray(alpha, np.uint16)[..., np.newaxis]
        return Image.fromarray(np.minimum(np.asarray(image) + rest, 255).astype(np.uint8))
    canvas = Image.new("RGB", image.size, BACKGROUND)
    canvas.paste(image, mask=alpha)
    return canvas


def _image(values: Any) -> Image.Image:
    if values.shape[-1] == 1:
        return Image.fromarray(values[..., 0]).convert("RGB")
    return Image.fromarray(values)


def _scaled(values: Any, low: float, high: float, largest: int = 255) -> Any:
    """From `low` and `high` to 0 and `largest`, uint8 or uint16 of the same shape."""
    dtype = np.uint8 if largest == 255 else np.uint16
    if values.dtype == dtype and (low, high) == (0, largest):
        return np.ascontiguousarray(values)
    factor = largest / ((high - low) or 1)
    if values.dtype == np.uint16:
        table = np.clip(np.rint((np.arange(1 << 16) - low) * factor), 0, largest).astype(dtype)
        return table[values]
    scaled = np.empty(values.shape, dtype)
    # Some rows at a time: the steps between need eight times the image's memory.
    for start in range(0, len(values), _ROWS):
        rows = slice(start, start + _ROWS)
        with np.errstate(invalid="ignore", over="ignore"):
            part = (values[rows].astype(np.float64) - low) * factor
        # A pixel that is not a number has no brightness: it becomes black.
        part = np.nan_to_num(np.rint(part), nan=0.0, posinf=largest, neginf=0)
        scaled[rows] = np.clip(part, 0, largest)
    return scaled


def _found_range(samples: Samples, sample_bits: int | None) -> tuple[float, float]:
    """Black and white of an image whose file doesn't tell them."""
    values, largest = samples.values, samples.undeclared_largest
    if largest is not None:
        white = (1 << (sample_bits or bits_for(largest))) - 1
        return 0, min(white, int(np.iinfo(values.dtype).max))
    if values.dtype == np.bool_:
        return 0, 1
    if values.dtype in (np.uint8, np.uint16):
        return 0, int(np.iinfo(values.dtype).max)
    return _range_of_numbers(values)


def _range_of_numbers(values: Any) -> tuple[float, float]:
    """The usual range in which nearly all values lie and which they fill, else their own."""
    step = max(1, values.size // _MOST_EXAMINED)
    some = values.reshape(-1)[::step]
    is_float = values.dtype.kind == "f"
    if is_float:
        some = some[np.isfinite(some)]
        if not some.size:
            some = values[np.isfinite(values)]
        if not some.size:
            raise UnreadableError("NO_FINITE_VALUE")
    ends = np.percentile(some.astype(np.float64), (_OUTLIERS, 100 - _OUTLIERS))
    low, high = float(ends[0]), float(ends[1])
    for black, white in _usual_ranges(values.dtype):
        # Sharpening and scaling leave floating-point values that lie a little outside.
        slack = _LEAST_FRACTION if is_float else 0
        is_inside = low >= black - slack * max(high, 0) and high <= white + slack * (white - black)
        farthest = max(high, -low if black < 0 else 0)
        if is_inside and farthest >= _LEAST_FRACTION * white:
            return black, white
    least, largest = float(some.min()), float(some.max())
    if largest - least <= _WIDENED * (high - low):
        low, high = least, largest
    return (low, high) if high > low else (low, low + 1.0)


def _usual_ranges(dtype: Any) -> list[tuple[float, float]]:
    """Ranges in which images are stored as numbers of this type, the smallest first."""
    unsigned = [(0.0, float((1 << bits) - 1)) for bits in USUAL_BITS]
    if dtype.kind == "f":
        return [(0.0, 1.0), *unsigned]
    least, largest = float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)
    ranges = [*(each for each in unsigned if each[1] < largest), (0.0, largest)]
    return [*ranges, (least, largest)] if least < 0 else ranges


def _opaque(alpha: Any, white: float) -> float:
    """The value of alpha that is opaque, beside colors up to `white`."""
    largest = alpha.max(initial=0)
    if alpha.dtype.kind == "f":
        return 1.0 if largest <= 1 else white
    # Alpha may use all bits where colors use some of them.
    return white if largest <= white else float(np.iinfo(alpha.dtype).max)


def _are_multiples(values: Any, factor: int) -> bool:
    some = values.reshape(-1)
    # Most images show it with a few values.
    return not (some[:4096] % factor).any() and not (some % factor).any()
