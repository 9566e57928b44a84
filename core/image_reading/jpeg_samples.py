"""Read JPEGs that Pillow doesn't: 12-bit, lossless, and those that lack their end marker."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Dict, Tuple

import numpy as np

from .samples import Samples
from .unreadable import require

_END = b"\xff\xd9"
# Two continuations that no decoder takes for the same pixels.
_CONTINUATIONS = (b"\x55" * 64 + _END, b"\xaa" * 64 + _END)
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF}
_SCAN = 0xDA
_ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_EXIF, _PROFILE = b"Exif\0\0", b"ICC_PROFILE\0"


@dataclass
class JpegHeader:
    """What stands before the pixels.

    Attributes:
        size: `(width, height)`; zeros if it isn't there.
        bits: A sample's.
        is_lossless: Whether it is of one of the lossless processes.
        exif: Content of its EXIF segment; b"" for none.
        profiles: Parts of the ICC profile by number.
    """

    size: Tuple[int, int] = (0, 0)
    bits: int = 8
    is_lossless: bool = False
    exif: bytes = b""
    profiles: Dict[int, bytes] = field(default_factory=dict)

    @property
    def profile(self) -> bytes:
        """The ICC profile; b"" for none."""
        return b"".join(part for _, part in sorted(self.profiles.items()))


def read_header(content: bytes) -> JpegHeader:
    """Read the segments up to the first scan; those of a damaged file as far as they go."""
    header, at = JpegHeader(), 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        data = content[at + 4 : at + 2 + length]
        if marker in _FRAMES and len(data) >= 6:
            header.bits, height, width = struct.unpack_from(">BHH", data)
            header.size, header.is_lossless = (width, height), marker in _LOSSLESS
        elif marker == 0xE1 and data.startswith(_EXIF):
            header.exif = data
        elif marker == 0xE2 and data.startswith(_PROFILE) and len(data) > 14:
            header.profiles[data[12]] = data[14:]
        elif marker == _SCAN:
            break
        at += 2 + length
    return header


def jpeg_samples(content: bytes, header: JpegHeader) -> Samples:
    """Decode a JPEG of more than 8 bits or a lossless one.

    Raises:
        UnreadableError: If the package for it is missing.
        Exception: What imagecodecs raises for damaged files.
    """
    name = "lossless JPEG" if header.is_lossless else f"{header.bits}-bit JPEG"
    imagecodecs = require("imagecodecs", name)
    values = imagecodecs.jpeg8_decode(content)
    values = values.reshape(*values.shape[:2], -1)
    if values.shape[-1] not in (1, 3):
        raise ValueError(f"{values.shape[-1]} samples")
    largest = (1 << header.bits) - 1
    return Samples(np.minimum(values, largest), range=(0, largest), profile=header.profile)


def continuations(content: bytes) -> tuple[bytes, ...]:
    """A JPEG without its end marker, continued in two ways.

    Both decode to the same pixels only if all of them are there: the decoder makes something of
    whatever follows. A JPEG with an end marker has no continuation.
    """
    if content.rstrip(b"\0").endswith(_END):
        return ()
    return tuple(content.rstrip(b"\xff") + each for each in _CONTINUATIONS)
