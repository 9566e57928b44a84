"""PNGs made by hand: of 16 bits, interlaced, with any chunks."""

import struct
import zlib

import numpy as np

_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
# First row and column, and steps, of the seven passes of Adam7.
_PASSES = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2))
_PASSES += ((1, 0, 2, 1),)


def png(
    values: np.ndarray,
    before: dict[bytes, bytes] | None = None,
    after: dict[bytes, bytes] | None = None,
    *,
    is_interlaced: bool = False,
) -> bytes:
    """A PNG of uint8 or uint16 `(height, width[, 1 to 4])`.

    Args:
        before: Chunks before the pixels.
        after: Chunks behind them.
    """
    values = values.reshape(*values.shape[:2], -1)
    height, width, channels = values.shape
    bits = 8 * values.dtype.itemsize
    header = struct.pack(">IIBB", width, height, bits, _COLOR_TYPES[channels])
    header += bytes((0, 0, int(is_interlaced)))
    parts = [values]
    if is_interlaced:
        parts = [values[row::down, column::across] for row, column, down, across in _PASSES]
    rows = b"".join(_rows(part) for part in parts)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            *(chunk(*each) for each in (before or {}).items()),
            chunk(b"IDAT", zlib.compress(rows)),
            *(chunk(*each) for each in (after or {}).items()),
            chunk(b"IEND", b""),
        )
    )


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _rows(values: np.ndarray) -> bytes:
    if not values.size:
        return b""
    order = values.astype(values.dtype.newbyteorder(">"))
    return b"".join(b"\0" + row.tobytes() for row in order)
