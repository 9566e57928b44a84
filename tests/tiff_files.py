"""TIFFs made by hand, as programs write them that no library here does."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import tifffile

_TYPES = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 7: "s", 12: "d", 16: "Q"}
BYTE, ASCII, SHORT, LONG, UNDEFINED = 1, 2, 3, 4, 7

MINISBLACK, MINISWHITE, RGB = 1, 0, 2


@dataclass(frozen=True)
class Page:
    """One directory of a TIFF.

    Attributes:
        strips: Their bytes, one a plane where the layout is planar.
        size: `(width, height)`.
        bits: A sample's.
        tags: `{number: (type, values)}` beside or instead of the usual ones.
    """

    strips: Sequence[bytes]
    size: tuple[int, int]
    bits: int = 8
    num_samples: int = 1
    photometric: int = MINISBLACK
    is_planar: bool = False
    tags: dict[int, tuple[int, tuple[object, ...]]] = field(default_factory=dict)


def tiff(*pages: Page, order: str = "<", link_last_to: int | None = None) -> bytes:
    """An uncompressed TIFF of these pages.

    Args:
        order: "<" little-endian, ">" big-endian.
        link_last_to: Number of the page that the last one names as its next, as no sound file does.
    """
    content = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 0))
    link, starts = 4, []
    for page in pages:
        offsets = []
        for strip in page.strips:
            offsets.append(len(content))
            content += strip + b"\0" * (len(strip) % 2)
        entries = sorted((_usual_tags(page, offsets) | page.tags).items())
        encoded = [_entry(content, order, *entry) for entry in entries]
        starts.append(len(content))
        struct.pack_into(order + "I", content, link, len(content))
        content += struct.pack(order + "H", len(encoded)) + b"".join(encoded)
        link = len(content)
        content += bytes(4)
    if link_last_to is not None:
        struct.pack_into(order + "I", content, link, starts[link_last_to])
    return bytes(content)


def written(values: np.ndarray, **options: object) -> bytes:
    """A TIFF as tifffile writes it."""
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, **options)
    return buffer.getvalue()


def _usual_tags(page: Page, offsets: list[int]) -> dict[int, tuple[int, tuple[object, ...]]]:
    width, height = page.size
    return {
        256: (LONG, (width,)),
        257: (LONG, (height,)),
        258: (SHORT, (page.bits,) * page.num_samples),
        259: (SHORT, (1,)),
        262: (SHORT, (page.photometric,)),
        273: (LONG, tuple(offsets)),
        277: (SHORT, (page.num_samples,)),
        278: (LONG, (height,)),
        279: (LONG, tuple(len(strip) for strip in page.strips)),
        284: (SHORT, (2 if page.is_planar else 1,)),
    }


def _entry(
    content: bytearray, order: str, number: int, typed: tuple[int, tuple[object, ...]]
) -> bytes:
    kind, values = typed
    if kind in (ASCII, UNDEFINED):
        (data,) = values
        assert isinstance(data, bytes)
        count = len(data)
    else:
        data, count = struct.pack(order + _TYPES[kind] * len(values), *values), len(values)
    if len(data) > 4:
        place = len(content)
        content += data + b"\0" * (len(data) % 2)
        data = struct.pack(order + "I", place)
    return struct.pack(order + "HHI", number, kind, count) + data.ljust(4, b"\0")
