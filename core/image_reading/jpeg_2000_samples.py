"""Read JPEG 2000 of more than eight bits, of which Pillow keeps eight of each color."""

from __future__ import annotations

import struct
from typing import Any

from .samples import Samples, samples_of_channels
from .unreadable import require

_START = b"\xff\x4f\xff\x51"  # of the codestream, and of its first segment
_SIZES_AT = 8
_FARTHEST = 1 << 26  # A profile may come before.
_NUM_COMPONENTS_AT, _COMPONENTS_AT, _COMPONENT_BYTES = 40, 42, 3
_SIGNED = 0x80


def is_wide_jpeg_2000(content: bytes) -> bool:
    """Whether it has more than eight bits a sample, as Pillow doesn't keep them."""
    bits = _bits(content)
    return bool(bits) and 8 < max(bits) <= 16 and not max(bits) & _SIGNED


def jpeg_2000_size(content: bytes) -> tuple[int, int]:
    """`(width, height)` by the segment SIZ, or zeros if it has none."""
    start = _start(content)
    if start is None:
        return 0, 0
    width, height, left, top = struct.unpack_from(">4I", content, start + _SIZES_AT)
    return max(0, width - left), max(0, height - top)


def jpeg_2000_samples(content: bytes, profile: bytes) -> Samples:
    """Decode a file that `is_wide_jpeg_2000`.

    Args:
        profile: Its ICC profile.

    Raises:
        UnreadableError: If the package for it is missing.
        Exception: What imagecodecs raises for damaged files.
    """
    imagecodecs: Any = require("imagecodecs", "JPEG 2000 with more than 8 bits")
    bits = max(_bits(content))
    declared = (0, (1 << bits) - 1) if bits < 16 else None
    return samples_of_channels(imagecodecs.jpeg2k_decode(content, numthreads=1), declared, profile)


def _bits(content: bytes) -> list[int]:
    """Bits of each component by the segment SIZ, with a mark for those with a sign."""
    start = _start(content)
    if start is None:
        return []
    at = start + _NUM_COMPONENTS_AT
    count = min(int.from_bytes(content[at : at + 2], "big"), 5)
    sizes = content[start + _COMPONENTS_AT :][: count * _COMPONENT_BYTES : _COMPONENT_BYTES]
    return [(size & _SIGNED) | ((size & ~_SIGNED) + 1) for size in sizes]


def _start(content: bytes) -> int | None:
    """Where the codestream starts, which may lie in a box."""
    is_box = content[4:8] == b"jP  "
    start = content.find(_START, 0, _FARTHEST) if is_box else 0
    is_there = start >= 0 and content[start : start + len(_START)] == _START
    return start if is_there and len(content) >= start + _COMPONENTS_AT else None
