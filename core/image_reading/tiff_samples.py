"""Read TIFFs: the page that is the picture, and samples of types that Pillow reads wrong or not."""

from __future__ import annotations

import io
import logging
import math
import re
import struct
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import islice
from typing import Any

import numpy as np

from .jpeg_2000_samples import jpeg_2000_size
from .jpeg_samples import read_header
from .jpeg_xl_header import read_jpeg_xl_header
from .samples import Samples
from .unreadable import UnreadableError, require

_REDUCED, _MASK = 1, 4  # bits of NewSubfileType
_REDUCED_OF_OLD = 2  # value of SubfileType
_MOST_PAGES = 10_000
_MOST_BYTES = 2 << 30

# Values of PhotometricInterpretation.
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _SEPARATED, _YCBCR, _CIELAB = 0, 1, 2, 3, 5, 6, 8
_SAMPLED_COLORS = {_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB}  # as `Samples` has them
_SENSOR_VALUES = {32803, 34892}  # color filter array, linear raw
_SENSOR_COMPRESSIONS = {32767, 32769, 32770, 34713, 65000, 65535}  # of Sony, Samsung, Nikon, ...
_SAMPLES_OF_COLOR = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _PALETTE: 1, _SEPARATED: 4}
_SAMPLES_OF_COLOR.update({_YCBCR: 3, _CIELAB: 3})
_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA = 1, 2
# None, of faxes, LZW, JPEG, deflate, PackBits: every build of Pillow has decoders for them.
_USUAL_COMPRESSIONS = {1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946}

_DNG_VERSION, _SUBFILE_TYPE, _ORIENTATION, _PROFILE = 50706, 255, 274, 34675
_MAX_SAMPLE, _SMIN_SAMPLE, _SMAX_SAMPLE = 281, 340, 341
_MOST_OF_OME = 2000  # a comment stands before the tag
_SIGNIFICANT_BITS = re.compile(r'SignificantBits="(\d+)"')  # in OME's description


def _with_usual_errors(method: Callable[..., Any]) -> Callable[..., Any]:
    """Have a method raise tifffile's own error as a `ValueError`, which it is in newer versions."""

    @wraps(method)
    def call(*arguments: Any) -> Any:
        try:
            return method(*arguments)
        except Exception as error:
            if type(error).__name__ == "TiffFileError" and not isinstance(error, ValueError):
                raise ValueError(str(error)) from error
            raise

    return call


class TiffReader:
    """A TIFF whose pages are being looked at.

    Args:
        content: The whole file.

    Raises:
        UnreadableError: If it is a camera RAW file, or the package for TIFFs is missing.
        Exception: What tifffile raises for damaged files.
    """

    @_with_usual_errors
    def __init__(self, content: bytes) -> None:
        tifffile = require("tifffile", "TIFF")
        log = logging.getLogger("tifffile")
        if log.level == logging.NOTSET:
            # What it says of damaged files would reach the terminal, beside our own words.
            log.setLevel(logging.CRITICAL)
        self._content = content
        self._file = tifffile.TiffFile(io.BytesIO(content))
        pages = list(_pages_once(self._file.pages))
        first = self._file.pages.first
        if _is_sensor_image(first):
            raise UnreadableError("CAMERA_RAW")
        indices = [i for i, page in enumerate(pages) if _is_main_image(page)] or [0]
        self.index, self.num_pages = indices[0], len(indices)
        self._page = self._file.pages.get(self.index)
        self.size = int(self._page.imagewidth), int(self._page.imagelength)

    def require_readable(self) -> None:
        """Raise an error if the page is no picture in color or grayscale, or not all there."""
        page = self._page
        num_samples, extras = int(page.samplesperpixel), _extras(page)
        colors = _SAMPLES_OF_COLOR.get(page.photometric)
        if page.dtype is not None and page.dtype.kind == "c":
            raise UnreadableError("TIFF_COMPLEX")
        if colors is None:
            raise UnreadableError(
                "TIFF_UNKNOWN", f"photometric interpretation {int(page.photometric)}"
            )
        has_alpha = len(extras) == 1 and extras[0] in (_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA)
        # RGB with one more sample that nothing is said of is what many programs write for RGBX.
        is_ignored = num_samples == colors + 1 and colors >= 3
        if num_samples != colors and not (num_samples == colors + 1 and (has_alpha or is_ignored)):
            raise UnreadableError("TIFF_CHANNELS", str(num_samples))
        channels = _channels_in_pages(self._file.pages.first)
        if num_samples == 1 and channels > 1:
            raise UnreadableError("TIFF_CHANNELS", str(channels))
        if page.imagedepth > 1:
            raise UnreadableError("TIFF_UNKNOWN", f"a depth of {int(page.imagedepth)}")
        ends = [o + n for o, n in zip(page.dataoffsets, page.databytecounts) if n]  # noqa: B905
        if max(ends, default=0) > len(self._content):
            raise UnreadableError("TRUNCATED")
        if len(page.dataoffsets) < math.prod(page.chunked):
            raise UnreadableError("DAMAGED")

    def is_for_pillow(self) -> bool:
        """Whether Pillow reads the page right, or alone: 8 bits or fewer, the usual layout."""
        page = self._page
        is_usual = page.planarconfig == 1 or page.photometric not in _SAMPLED_COLORS
        return bool(is_usual and page.sampleformat == 1 and page.bitspersample in (1, 2, 4, 8))

    def is_rarely_compressed(self) -> bool:
        """Whether some builds of Pillow have no decoder for the page."""
        return int(self._page.compression) not in _USUAL_COMPRESSIONS

    def orientation(self) -> int:
        """By EXIF, 1 to 8."""
        value = _value(self._page, _ORIENTATION)
        return value if isinstance(value, int) and 1 <= value <= 8 else 1

    @_with_usual_errors
    def samples(self) -> Samples:
        """Decode the page.

        Raises:
            UnreadableError: If it needs a package that is missing, or too much memory.
            Exception: What tifffile raises for damaged files.
        """
        page = self._page
        if page.compression != 1 or page.bitspersample not in (8, 16, 32, 64):
            require("imagecodecs", "compressed TIFF" if page.compression != 1 else "packed TIFF")
        if page.dtype is None or page.photometric not in _SAMPLED_COLORS:
            raise UnreadableError("TIFF_UNKNOWN", _description(page))
        if page.dtype.itemsize * self.size[0] * self.size[1] * page.samplesperpixel > _MOST_BYTES:
            raise UnreadableError("TOO_LARGE_FOR_MEMORY")
        self._refuse_parts_that_are_too_large()
        values = page.asarray(maxworkers=1)
        width, height = self.size
        values = values.reshape(-1, height, width) if page.planarconfig == 2 else values
        values = np.moveaxis(values, 0, -1) if page.planarconfig == 2 else values
        values = values.reshape(height, width, page.samplesperpixel)
        colors = _SAMPLES_OF_COLOR[page.photometric]
        extras = _extras(page)
        has_alpha = bool(extras) and extras[0] in (_ASSOCIATED_ALPHA, _UNASSOCIATED_ALPHA)
        return Samples(
            values[..., :colors],
            alpha=values[..., colors] if has_alpha else None,
            is_premultiplied=has_alpha and extras[0] == _ASSOCIATED_ALPHA,
            white_is_zero=page.photometric == _WHITE_IS_ZERO,
            range=_declared_range(page, values),
            profile=_value(page, _PROFILE) or b"",
        )

    def _refuse_parts_that_are_too_large(self) -> None:
        """Raise an error if a part says that it is larger than its place, as no sound one does."""
        most = math.prod(self._page.chunks)
        if self._page.compression == 1:
            return
        for start, length in zip(self._page.dataoffsets, self._page.databytecounts):  # noqa: B905
            if math.prod(_size_inside(self._content[start : start + length])) > most:
                raise UnreadableError("DAMAGED")


def lacks_its_first_page(content: bytes) -> bool:
    """Whether the directory of the first page, at the end of many files, is cut off."""
    order = "<" if content.startswith(b"II") else ">"
    is_big = b"+" in content[2:4]
    place, count, entry = ("Q", "Q", 20) if is_big else ("I", "H", 12)
    try:
        (start,) = struct.unpack_from(order + place, content, 8 if is_big else 4)
        (entries,) = struct.unpack_from(order + count, content, start)
    except (struct.error, OverflowError):
        return True
    return bool(start + struct.calcsize(count) + entries * entry > len(content))


def _pages_once(pages: Any) -> Iterator[Any]:
    """Pages in their order, until one names an earlier one as its next."""
    offsets = set()
    for page in islice(pages, _MOST_PAGES):
        if page.offset in offsets:
            return
        offsets.add(page.offset)
        yield page


def _size_inside(segment: bytes) -> tuple[int, int]:
    """`(width, height)` that a compressed part of the image says itself, or zeros."""
    if segment.startswith(b"\xff\xd8"):
        return read_header(segment).size
    return max(jpeg_2000_size(segment), read_jpeg_xl_header(segment).size)


def _is_main_image(page: Any) -> bool:
    """Whether a page is neither a thumbnail nor a mask."""
    subfile_type = int(getattr(page, "subfiletype", 0))
    old = page.tags.get(_SUBFILE_TYPE) if hasattr(page, "tags") else None
    is_thumbnail = subfile_type & _REDUCED or (old is not None and old.value == _REDUCED_OF_OLD)
    return not (is_thumbnail or subfile_type & _MASK)


def _channels_in_pages(first: Any) -> int:
    """How many channels are a page each, by the descriptions of OME and ImageJ."""
    text = first.description
    if text.startswith("ImageJ="):
        found = re.search(r"^channels=(\d+)", text, re.MULTILINE)
    else:
        found = re.search(r'SizeC="(\d+)"', text) if "OME" in text[:_MOST_OF_OME] else None
    return int(found.group(1)) if found else 1


def _is_sensor_image(page: Any) -> bool:
    """Whether the file is what a camera's sensor saw; its pages or sub-pages say so."""
    if page.tags.get(_DNG_VERSION) is not None:
        return True
    pages = [page, *(page.pages or ())] if page.subifds else [page]
    return any(
        int(each.photometric) in _SENSOR_VALUES or int(each.compression) in _SENSOR_COMPRESSIONS
        for each in pages
        if hasattr(each, "photometric")
    )


def _declared_range(page: Any, values: Any) -> tuple[float, float] | None:
    """Black and white by the page; None if it says nothing, or values exceed its white."""
    declared = _written_range(page)
    if declared is None or values.dtype.kind == "f" or values.max(initial=0) <= declared[1]:
        return declared
    return None


def _written_range(page: Any) -> tuple[float, float] | None:
    """Black and white by the page's bits, tags or OME's description."""
    low, high = _value(page, _SMIN_SAMPLE), _value(page, _SMAX_SAMPLE)
    if page.dtype.kind == "f":
        if low is None or high is None or not np.all(np.isfinite((np.min(low), np.max(high)))):
            return None
        low, high = float(np.min(low)), float(np.max(high))
        return (low, high) if low < high else None
    if page.dtype.kind != "u":
        return None
    bits = int(page.bitspersample)
    if bits < 8 * page.dtype.itemsize:
        return 0, (1 << bits) - 1
    if bits != 16:
        return None
    significant = _SIGNIFICANT_BITS.search(page.description)
    if significant and 1 < int(significant.group(1)) <= bits:
        return 0, (1 << int(significant.group(1))) - 1
    largest = _value(page, _MAX_SAMPLE)
    if largest is None:
        return None
    white = int(np.max(largest))
    # Some programs write the largest value of the image instead, which is no such number.
    return (0, white) if 255 <= white < 1 << bits and white & (white + 1) == 0 else None


def _extras(page: Any) -> tuple[int, ...]:
    found = page.extrasamples
    return tuple(int(extra) for extra in (found if isinstance(found, tuple) else (found,)))


def _value(page: Any, tag: int) -> Any:
    found = page.tags.get(tag)
    return None if found is None else found.value


def _description(page: Any) -> str:
    name = getattr(page.photometric, "name", str(page.photometric))
    return f"{page.bitspersample} bits, {name}"
