"""From a file's bytes to an upright image with eight bits a channel and no transparency."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import IO, Any, Optional

from PIL import Image, ImageFile, UnidentifiedImageError

from .foreign_content import foreign_fault
from .jpeg_2000_samples import is_wide_jpeg_2000, jpeg_2000_samples
from .jpeg_samples import JpegHeader, continuations, jpeg_samples, read_header
from .jpeg_xl_header import read_jpeg_xl_header
from .jpeg_xl_samples import jpeg_xl_samples
from .netpbm_samples import is_wide_netpbm, netpbm_samples
from .orientation import ORIENTATION_TAG, loaded, orientation_of, turned, upright
from .pillow_setup import missing_part, missing_reader, prepare_pillow
from .pixel_formats import image_to_rgb, samples_of
from .png_samples import has_16_bits, png_samples
from .samples import Samples, samples_to_rgb
from .tiff_samples import TiffReader, lacks_its_first_page
from .unreadable import READER_ERRORS, UnreadableError, plain_error

MAX_PIXELS = 178_956_970
"""Where Pillow, too, refuses: about half a gigabyte as RGB."""

_PILLOW_JPEG_BITS = 8
# Decoding one takes up to a gigabyte, so threads take turns.
_LARGE = 40_000_000
_large_image_lock = threading.Lock()

DecodeSize = Callable[[int, int], "tuple[int, int]"]
"""From the upright `(width, height)` to the smallest that the caller can do with."""


@dataclass(frozen=True)
class OpenedImage:
    """An image that was read, and what is to be known about how.

    Attributes:
        image: Upright, of mode `RGB`.
        num_pages: Pictures in the file, of which this is the first; 1 for animations.
        undeclared_largest: The largest of its 16-bit values if the file doesn't say how many bits
            they use; else None.
    """

    image: Image.Image
    num_pages: int = 1
    undeclared_largest: Optional[int] = None


def read_image(
    content: bytes, decode_size: DecodeSize | None = None, sample_bits: int | None = None
) -> OpenedImage:
    """Decode the first picture of an image file. Safe with threads.

    Args:
        content: The whole file, of one of the `IMAGE_FORMATS`; of an animation the first frame.
        decode_size: A JPEG is decoded at 1/2, 1/4 or 1/8, whichever is not below this size; other
            formats don't offer that.
        sample_bits: How many bits 16-bit samples use whose file doesn't say so; None to find out
            from this image.

    Raises:
        UnreadableError: With the reason, if the bytes are no whole image of a known format.
    """
    fault = foreign_fault(content)
    if fault:
        raise fault
    try:
        formats = prepare_pillow(content)
        if "TIFF" in formats:
            return _read_tiff(content, sample_bits)
        if "JXL" in formats:
            return _from_samples(
                lambda: jpeg_xl_samples(content), read_jpeg_xl_header(content).size, sample_bits
            )
        try:
            return _read_with_pillow(content, formats, decode_size, sample_bits)
        except (UnreadableError, *READER_ERRORS):
            opened = None
            if "JPEG" in formats:
                opened = _read_jpeg_otherwise(content, decode_size, sample_bits)
            if opened is None:
                raise
            return opened
    except UnreadableError:
        raise
    except READER_ERRORS as error:
        raise plain_error(error, MAX_PIXELS) from error
    except ImportError as error:
        raise missing_part(content, error) from error


def _read_tiff(content: bytes, sample_bits: int | None) -> OpenedImage:
    try:
        tiff = TiffReader(content)
    except UnreadableError:
        raise
    except READER_ERRORS as error:
        is_cut = lacks_its_first_page(content)
        raise UnreadableError("TRUNCATED" if is_cut else "DAMAGED_START") from error
    _refuse_too_many_pixels(*tiff.size)
    tiff.require_readable()
    if tiff.is_for_pillow():
        try:
            with Image.open(io.BytesIO(content), formats=("TIFF",)) as pages, _turn(*tiff.size):
                pages.seek(tiff.index)
                return OpenedImage(image_to_rgb(upright(pages)), tiff.num_pages)
        except READER_ERRORS as error:
            # Some ways of compression are known to the other reader alone.
            try:
                opened = _from_samples(tiff.samples, tiff.size, sample_bits)
            except UnreadableError as other:
                if other.fault == "NEEDS_PACKAGE" and tiff.is_rarely_compressed():
                    raise
                raise error from None
            except READER_ERRORS:
                raise error from None
    else:
        opened = _from_samples(tiff.samples, tiff.size, sample_bits)
    image = turned(opened.image, tiff.orientation())
    return OpenedImage(image, tiff.num_pages, opened.undeclared_largest)


def _read_with_pillow(
    content: bytes,
    formats: tuple[str, ...],
    decode_size: DecodeSize | None,
    sample_bits: int | None,
) -> OpenedImage:
    with _identified(content, formats) as image:
        _refuse_too_many_pixels(*image.size)
        read = _wide_reader(content, image)
        if read is not None:
            try:
                opened = _from_samples(read, image.size, sample_bits)
                # The mark may stand behind the pixels, which only then have been read.
                mark = orientation_of(loaded(image)) if b"eXIf" in content else 1
                return replace(opened, image=turned(opened.image, mark))
            except READER_ERRORS:
                # Pillow's errors tell damage from truncation.
                image.load()
                raise
        _reduce(image, decode_size)
        with _turn(*image.size):
            found = upright(image)
            samples = samples_of(found, image.format)
            if samples is None:
                return OpenedImage(image_to_rgb(found))
        return _from_samples(lambda: samples, found.size, sample_bits)


def _wide_reader(content: bytes, image: ImageFile.ImageFile) -> Callable[[], Samples] | None:
    """What reads an image of which Pillow keeps eight bits of sixteen."""
    profile = image.info.get("icc_profile") or b""
    if image.format == "PNG" and has_16_bits(content):
        return lambda: png_samples(content, profile)
    if image.format == "JPEG2000" and is_wide_jpeg_2000(content):
        return lambda: jpeg_2000_samples(content, profile)
    if image.format == "PPM" and is_wide_netpbm(content):
        return lambda: netpbm_samples(content)
    return None


def _read_jpeg_otherwise(
    content: bytes, decode_size: DecodeSize | None, sample_bits: int | None
) -> OpenedImage | None:
    """Read a JPEG that Pillow doesn't: of 12 bits, lossless, or without its end marker."""
    header, ends = read_header(content), continuations(content)
    if header.is_lossless or header.bits != _PILLOW_JPEG_BITS:
        opened = _equally_read(
            ends or (content,), lambda each: _read_deep_jpeg(each, header, sample_bits)
        )
        if opened is None:
            raise UnreadableError("TRUNCATED")
        return opened
    try:
        # Whole, since what is missing may not be seen in a reduced image.
        opened = _equally_read(
            ends, lambda each: _read_with_pillow(each, ("JPEG",), None, sample_bits)
        )
        if opened is None or decode_size is None:
            return opened
        return _read_with_pillow(ends[0], ("JPEG",), decode_size, sample_bits)
    except (UnreadableError, *READER_ERRORS):
        return None


def _equally_read(
    contents: tuple[bytes, ...], read: Callable[[bytes], OpenedImage]
) -> OpenedImage | None:
    """The image that all of the contents decode to; None if they don't."""
    opened, digests = None, set()
    for content in contents:
        opened = None  # Two large images are too much.
        opened = read(content)
        digests.add(hashlib.blake2b(opened.image.tobytes()).digest())
    return opened if len(digests) == 1 else None


def _read_deep_jpeg(content: bytes, header: JpegHeader, sample_bits: int | None) -> OpenedImage:
    opened = _from_samples(lambda: jpeg_samples(content, header), header.size, sample_bits)
    exif = Image.Exif()
    try:
        exif.load(header.exif)
        orientation = exif.get(ORIENTATION_TAG, 1)
    except READER_ERRORS:
        orientation = 1
    return replace(opened, image=turned(opened.image, orientation))


def _from_samples(
    read: Callable[[], Samples], size: tuple[int, int], sample_bits: int | None
) -> OpenedImage:
    _refuse_too_many_pixels(*size)
    with _turn(*size):
        samples = read()
        image = samples_to_rgb(samples, sample_bits)
    return OpenedImage(image, undeclared_largest=samples.undeclared_largest)


def _identified(content: bytes, formats: tuple[str, ...]) -> ImageFile.ImageFile:
    try:
        return Image.open(io.BytesIO(content), formats=formats)
    except UnidentifiedImageError as error:
        missing = missing_reader(content)
        if missing:
            raise missing from error
        if any(True for _ in _plugins_for(content, formats)):
            raise UnreadableError("DAMAGED_START") from error
        raise UnreadableError("UNKNOWN_FORMAT") from error
    except Image.DecompressionBombError:
        _refuse_too_many_pixels(*_size_in_header(content, formats))
        raise


def _reduce(image: ImageFile.ImageFile, decode_size: DecodeSize | None) -> None:
    """Have a JPEG decoded no larger than needed."""
    if image.format not in ("JPEG", "MPO") or decode_size is None:
        return
    width, height = image.size
    if orientation_of(image) >= 5:
        image.draft(None, decode_size(height, width)[::-1])
    else:
        image.draft(None, decode_size(width, height))


def _turn(width: int, height: int) -> AbstractContextManager[Any]:
    """Wait for other threads to be done with their large images, if this is one."""
    return _large_image_lock if width * height > _LARGE else nullcontext()


def _refuse_too_many_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise UnreadableError("TOO_MANY_PIXELS", str(width), str(height), MAX_PIXELS)


def _size_in_header(content: bytes, formats: tuple[str, ...]) -> tuple[int, int]:
    """`(width, height)` of an image that `Image.open` refuses for its size; (0, 0) if unknown."""
    for factory in _plugins_for(content, formats):
        with factory(io.BytesIO(content), "") as image:
            return image.size
    return 0, 0


def _plugins_for(
    content: bytes, formats: tuple[str, ...]
) -> Iterator[Callable[[IO[bytes], str], ImageFile.ImageFile]]:
    """Pillow's openers of the formats that a file's first bytes speak for."""
    for name in formats:
        factory, accept = Image.OPEN[name]
        if accept is None or accept(content[:16]) is True:
            yield factory
