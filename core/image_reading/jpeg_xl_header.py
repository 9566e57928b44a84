"""What the header of a JPEG XL says (ISO/IEC 18181-1, SizeHeader and ImageMetadata)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Optional, Tuple

_CODESTREAM = b"\xff\x0a"
_LEAST_BYTES, _HEADER_BYTES = 12, 64
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))

# Two bits choose one of four ways to store a number: a base, and the bits of what is added to it.
_SIDE = ((1, 9), (1, 13), (1, 18), (1, 30))
_DEPTH = ((8, 0), (10, 0), (12, 0), (1, 6))
_FLOAT_DEPTH = ((32, 0), (16, 0), (24, 0), (1, 6))
_ENUM = ((0, 0), (1, 0), (2, 4), (18, 6))
_EXTRA_CHANNELS = ((0, 0), (1, 0), (2, 4), (1, 12))
_SHIFT = ((0, 0), (3, 0), (4, 0), (1, 3))
_NAME_LENGTH = ((0, 0), (0, 4), (16, 5), (48, 10))
_ANIMATION = (
    ((100, 0), (1000, 0), (1, 10), (1, 30)),
    ((1, 0), (1001, 0), (1, 8), (1, 10)),
    ((0, 0), (0, 3), (0, 16), (0, 32)),
)

_COORDINATE = ((0, 19), (524288, 19), (1048576, 20), (2097152, 21))

_RGB, _GRAY = 0, 1
_CUSTOM, _CURVE_OF_SRGB = 2, 13
# Their x and y.
_WHITES = {1: (0.3127, 0.3290), 10: (1 / 3, 1 / 3), 11: (0.314, 0.351)}
_PRIMARIES = {
    1: (0.64, 0.33, 0.30, 0.60, 0.15, 0.06),
    9: (0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
SRGB = (*_WHITES[1], *_PRIMARIES[1])
"""Chromaticities of sRGB: x and y of white, red, green and blue."""


@dataclass(frozen=True)
class JpegXlHeader:
    """What stands before the pixels.

    Attributes:
        size: `(width, height)`; zeros if it isn't there.
        bits: A sample's; None for floating-point, or if it isn't told in a way that is known here.
        chromaticities: x and y of white, red, green and blue.
        is_linear: Whether decoded values are linear.
    """

    size: Tuple[int, int] = (0, 0)
    bits: Optional[int] = None
    chromaticities: Tuple[float, ...] = SRGB
    is_linear: bool = False


def read_jpeg_xl_header(content: bytes) -> JpegXlHeader:
    """Read the header of a bare codestream, or of one in a container, as far as it is there."""
    start = _codestream_start(content)
    if len(start) < _LEAST_BYTES:
        return JpegXlHeader()
    bits = _Bits(start)
    header = JpegXlHeader(_size(bits))
    if bits.take(1):  # all else is as usual
        return replace(header, bits=8)
    if bits.take(1):
        bits.take(3)  # orientation
        if bits.take(1):
            _size(bits)
        if bits.take(1):  # A preview has a header of its own; hardly a file has one.
            return header
        if bits.take(1):
            for numbers in _ANIMATION:
                bits.number(numbers)
            bits.take(1)
    header = replace(header, bits=_depth(bits))
    bits.take(1)
    if not all(_is_alpha(bits) for _ in range(bits.number(_EXTRA_CHANNELS))):
        return header
    return _with_colors(header, bits)


def _with_colors(header: JpegXlHeader, bits: _Bits) -> JpegXlHeader:
    is_xyb = bool(bits.take(1))
    if bits.take(1):  # sRGB
        return header
    has_profile, space = bits.take(1), bits.number(_ENUM)
    if has_profile:
        # The profile is compressed. Where colors were converted, libjxl converts them to linear
        # ones, since it can't convert them to those of a profile.
        return replace(header, is_linear=is_xyb)
    if space not in (_RGB, _GRAY):
        return header
    white = _chromaticities(bits, _WHITES, 1)
    primaries = _chromaticities(bits, _PRIMARIES, 3) if space == _RGB else _PRIMARIES[1]
    curve = None if bits.take(1) else bits.number(_ENUM)
    # Linear ones are not told apart from others: imagecodecs, for one, calls all values of 16 bits
    # linear, whatever they are.
    if not white or not primaries or curve != _CURVE_OF_SRGB:
        return header
    return replace(header, chromaticities=(*white, *primaries))


def _chromaticities(
    bits: _Bits, known: Mapping[int, tuple[float, ...]], count: int
) -> tuple[float, ...]:
    """Take x and y of `count` colors; empty if the header names colors that are unknown here."""
    which = bits.number(_ENUM)
    if which != _CUSTOM:
        return known.get(which, ())
    packed = [bits.number(_COORDINATE) for _ in range(2 * count)]
    return tuple((-(each + 1) if each & 1 else each) / 2e6 for each in packed)


class _Bits:
    """Takes bits from a codestream, the least significant first."""

    def __init__(self, content: bytes) -> None:
        self._rest = int.from_bytes(content[len(_CODESTREAM) :], "little")

    def take(self, count: int) -> int:
        value = self._rest & ((1 << count) - 1)
        self._rest >>= count
        return value

    def number(self, choices: tuple[tuple[int, int], ...]) -> int:
        fixed, count = choices[self.take(2)]
        return fixed + self.take(count)


def _size(bits: _Bits) -> tuple[int, int]:
    is_small = bool(bits.take(1))
    height = _side(bits, is_small=is_small)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio - 1]
        return height * across // down, height
    return _side(bits, is_small=is_small), height


def _side(bits: _Bits, *, is_small: bool) -> int:
    return 8 * (1 + bits.take(5)) if is_small else bits.number(_SIDE)


def _depth(bits: _Bits) -> int | None:
    if bits.take(1):
        bits.number(_FLOAT_DEPTH)
        bits.take(4)
        return None
    return bits.number(_DEPTH)


def _is_alpha(bits: _Bits) -> bool:
    """Take what is said of one more channel; whether it is one of the usual, alpha."""
    if bits.take(1):
        return True
    kind = bits.number(_ENUM)
    _depth(bits)
    bits.number(_SHIFT)
    bits.take(8 * bits.number(_NAME_LENGTH))
    if kind == 0:
        bits.take(1)
    return kind == 0


def _codestream_start(content: bytes) -> bytes:
    """The first bytes of the codestream, which may lie in a box of a container."""
    if content.startswith(_CODESTREAM):
        return content[:_HEADER_BYTES]
    at = 0
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        start = at + 8
        if length == 1 and start + 8 <= len(content):
            (length,) = struct.unpack_from(">Q", content, start)
            start += 8
        if name in (b"jxlc", b"jxlp"):
            start += 4 if name == b"jxlp" else 0  # its number
            return content[start : start + _HEADER_BYTES]
        if length < 8:
            return b""
        at += length
    return b""
