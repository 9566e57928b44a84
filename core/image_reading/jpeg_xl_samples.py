"""Read JPEG XL."""

from __future__ import annotations

import struct

from .color_profile import require
from .samples import Samples

_CODESTREAM = b"\xff\x0a"
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_SIZE_BITS = (9, 13, 18, 30)


def jpeg_xl_size(content: bytes) -> tuple[int, int]:
    """`(width, height)` by the header (ISO/IEC 18181-1, SizeHeader), or zeros if it has none."""
    start = _codestream_start(content)
    if len(start) < 12:
        return 0, 0
    bits = _Bits(start[len(_CODESTREAM) :])
    is_small = bits.take(1)
    height = _side(bits, is_small=bool(is_small))
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return _side(bits, is_small=bool(is_small)), height


def jpeg_xl_samples(content: bytes) -> Samples:
    """Decode the first frame of a JPEG XL, upright.

    Raises:
        UnreadableError: If the package for it is missing.
        Exception: What imagecodecs raises for damaged files.
    """
    imagecodecs = require("imagecodecs", "JPEG XL")
    values = imagecodecs.jpegxl_decode(content, index=0, numthreads=1)
    values = values.reshape(*values.shape[:2], -1)
    num_samples = values.shape[-1]
    if num_samples > 4:
        raise ValueError(f"{num_samples} samples")
    colors = num_samples - 1 if num_samples in (2, 4) else num_samples
    return Samples(
        values[..., :colors],
        alpha=values[..., colors] if colors < num_samples else None,
        range=(0.0, 1.0) if values.dtype.kind == "f" else None,
    )


class _Bits:
    """Takes bits from bytes, the least significant first."""

    def __init__(self, content: bytes) -> None:
        self._rest = int.from_bytes(content[:16], "little")

    def take(self, count: int) -> int:
        value = self._rest & ((1 << count) - 1)
        self._rest >>= count
        return value


def _side(bits: _Bits, *, is_small: bool) -> int:
    if is_small:
        return 8 * (1 + bits.take(5))
    return 1 + bits.take(_SIZE_BITS[bits.take(2)])


def _codestream_start(content: bytes) -> bytes:
    """The first bytes of the codestream, which may lie in a box of a container."""
    if content.startswith(_CODESTREAM):
        return content[:18]
    at = 0
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        start = at + 8
        if length == 1 and start + 8 <= len(content):
            (length,) = struct.unpack_from(">Q", content, start)
            start += 8
        if name in (b"jxlc", b"jxlp"):
            start += 4 if name == b"jxlp" else 0  # its number
            return content[start : start + 18]
        if length < 8:
            return b""
        at += length
    return b""
