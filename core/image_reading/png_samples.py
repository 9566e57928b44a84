"""Read PNGs of 16 bits a sample."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace

from .samples import Samples, samples_of_channels
from .unreadable import require

_SIGNATURE_BYTES = 8
_BIT_DEPTH_AT, _COLOR_TYPE_AT = 24, 25
_HAS_ALPHA = 4  # bit of the color type


def has_16_bits(content: bytes) -> bool:
    """Whether a PNG has 16 bits a sample."""
    return content[_BIT_DEPTH_AT : _BIT_DEPTH_AT + 1] == b"\x10"


def png_samples(content: bytes, profile: bytes) -> Samples:
    """Decode a PNG of 16 bits a sample.

    Args:
        profile: Its ICC profile.

    Raises:
        UnreadableError: If the package for it is missing.
        Exception: What imagecodecs raises for damaged files.
    """
    imagecodecs = require("imagecodecs", "PNG with 16 bits")
    samples = samples_of_channels(imagecodecs.png_decode(content), None, profile)
    declared = _declared_range(content, int(samples.values.max(initial=0)))
    return replace(samples, range=declared)


def _declared_range(content: bytes, largest: int) -> tuple[float, float] | None:
    """Black and white if the chunk sBIT says how many bits are used.

    By the standard all 16 are, and it says how many there were before; many programs leave the
    values as they were.
    """
    for name, data in _chunks_before_pixels(content):
        if name == b"sBIT" and data:
            colors = data[:-1] if content[_COLOR_TYPE_AT] & _HAS_ALPHA else data
            bits = max(colors, default=0)
            if not 1 < bits <= 16:
                return None
            white = (1 << bits) - 1
            return 0, white if largest <= white else 65535
    return None


def _chunks_before_pixels(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _SIGNATURE_BYTES
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name in (b"IDAT", b"IEND"):
            return
        yield name, content[at + 8 : at + 8 + length]
        at += 12 + length
