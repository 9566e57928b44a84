"""From a file's bytes to an upright image with eight bits a channel and no transparency."""

import io
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import IO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from core.data.foreign_content import foreign_reason
from core.data.pillow_setup import prepare_pillow
from core.data.pixel_formats import to_rgb
from core.errors import ImageError
from core.image_fault import ImageFault

MAX_PIXELS = 178_956_970
"""Where Pillow, too, refuses: about half a gigabyte as RGB."""

_ORIENTATION_TAG = 0x0112

# What Pillow and its plugins raise for files that are not as they should be. `Warning` is
# here for processes that turn warnings into errors.
PILLOW_ERRORS = (
    OSError,
    ValueError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    LookupError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    TypeError,
    EOFError,
    Warning,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)

_SIGNS_OF_TRUNCATION = (
    "truncated",
    "incomplete",
    "end of file",
    "eof",
    "not enough",
    "bytes but only",
    "end-of-file",
)

# Decoding one takes up to a gigabyte, so threads take turns.
_LARGE = 40_000_000
_large_image_lock = threading.Lock()
_UNREAD_FORMATS = {
    fault.reason(): fault
    for fault in (ImageFault.DICOM, ImageFault.PHOTOSHOP, ImageFault.CAMERA_RAW)
}


def open_image(
    content: bytes, decode_size: Callable[[int, int], tuple[int, int]] | None = None
) -> Image.Image:
    """Decode the first frame of an image file.

    Args:
        content: The whole file.
        decode_size: Given the upright `(width, height)`, the smallest `(width, height)` that
            the caller can do with. A JPEG is then decoded at 1/2, 1/4 or 1/8, whichever is
            not below it; other formats don't offer that.

    Returns:
        An upright image of mode `RGB`.

    Raises:
        ImageError: With the reason, if the bytes are no whole image of a known format.
    """
    if not content:
        raise ImageError(ImageFault.EMPTY)
    reason = foreign_reason(content)
    if reason:
        if reason in _UNREAD_FORMATS:
            raise ImageError(_UNREAD_FORMATS[reason])
        raise ImageError(ImageFault.NO_IMAGE, reason)
    formats = prepare_pillow(content)
    try:
        with _identified(content, formats) as image:
            _refuse_too_many_pixels(*image.size)
            _reduce(image, decode_size)
            with _large_image_lock if image.width * image.height > _LARGE else nullcontext():
                return to_rgb(_upright(image))
    except ImageError:
        raise
    except PILLOW_ERRORS as error:
        raise _plain_error(error) from error


def _identified(content: bytes, formats: tuple[str, ...]) -> ImageFile.ImageFile:
    try:
        return Image.open(io.BytesIO(content), formats=formats)
    except UnidentifiedImageError as error:
        if any(True for _ in _plugins_for(content, formats)):
            raise ImageError(ImageFault.DAMAGED_START) from error
        raise ImageError(ImageFault.UNKNOWN_FORMAT) from error
    except Image.DecompressionBombError:
        _refuse_too_many_pixels(*_size_in_header(content, formats))
        raise


def _reduce(
    image: ImageFile.ImageFile, decode_size: Callable[[int, int], tuple[int, int]] | None
) -> None:
    """Have a JPEG decoded no larger than needed."""
    if image.format not in ("JPEG", "MPO") or decode_size is None:
        return
    width, height = image.size
    if _orientation(image) >= 5:
        image.draft(None, decode_size(height, width)[::-1])
    else:
        image.draft(None, decode_size(width, height))


def _upright(image: ImageFile.ImageFile) -> Image.Image:
    # Loading comes first: a PNG may carry its orientation behind the pixels, and TIFF and
    # HEIC decoders turn the image themselves and take the mark away.
    image.load()
    if _orientation(image) == 1:
        return image
    return ImageOps.exif_transpose(image)


def _orientation(image: Image.Image) -> int:
    """Orientation by EXIF or XMP, 1 to 8; a damaged mark counts as none."""
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except PILLOW_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _refuse_too_many_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ImageError(ImageFault.TOO_MANY_PIXELS, str(width), str(height), MAX_PIXELS)


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


def _plain_error(error: BaseException) -> ImageError:
    if isinstance(error, MemoryError):
        return ImageError(ImageFault.TOO_LARGE_FOR_MEMORY)
    if isinstance(error, Image.DecompressionBombError):
        return ImageError(ImageFault.FAR_TOO_MANY_PIXELS, MAX_PIXELS)
    text = str(error).lower()
    if isinstance(error, EOFError) or any(sign in text for sign in _SIGNS_OF_TRUNCATION):
        return ImageError(ImageFault.TRUNCATED)
    # What Pillow says beyond that speaks to programmers; the cause stays attached for them.
    return ImageError(ImageFault.DAMAGED)
