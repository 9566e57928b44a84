"""From a file's bytes to an upright picture with eight bits a channel and no transparency."""

import io
import re
import struct
import threading
import warnings
import zlib
from collections.abc import Callable
from contextlib import nullcontext

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from core.data.foreign_content import NOT_A_PICTURE, foreign_reason
from core.data.pixel_formats import to_rgb
from core.errors import ImageError

MAX_PIXELS = 178_956_970
"""Where Pillow, too, refuses: about half a gigabyte as RGB."""

# Named one by one, so that a file can't reach decoders that nobody needs here: EPS would
# start Ghostscript, and TGA has no signature, so it takes noise for a picture.
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "ICO")
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
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

_PILLOW_MODULES = r"(PIL|pillow_heif)\b"
_WARNING_FILTER = ("ignore", None, Warning, re.compile(_PILLOW_MODULES), 0)

# Decoding one takes up to a gigabyte, so threads take turns.
_LARGE = 40_000_000
_large_picture_lock = threading.Lock()

_setup_lock = threading.Lock()
_plugins_ready = False
_heif_ready = False


def open_picture(
    content: bytes, decode_size: Callable[[int, int], tuple[int, int]] | None = None
) -> Image.Image:
    """Decode the first frame of a picture file.

    Args:
        content: The whole file.
        decode_size: Given the upright `(width, height)`, the smallest `(width, height)` that
            the caller can do with. A JPEG is then decoded at 1/2, 1/4 or 1/8, whichever is
            not below it; other formats don't offer that.

    Returns:
        An upright picture of mode `RGB`.

    Raises:
        ImageError: With the reason, if the bytes are no whole picture of a known format.
    """
    reason = foreign_reason(content)
    if reason:
        raise ImageError(reason)
    _prepare_pillow(content)
    try:
        with _identified(content) as image:
            _refuse_too_many_pixels(*image.size)
            _reduce(image, decode_size)
            with _large_picture_lock if image.width * image.height > _LARGE else nullcontext():
                return to_rgb(_upright(image))
    except ImageError:
        raise
    except PILLOW_ERRORS as error:
        raise ImageError(_plain_reason(error)) from error


def _identified(content: bytes) -> ImageFile.ImageFile:
    formats = (*_FORMATS, "HEIF") if _is_heif(content) else _FORMATS
    try:
        return Image.open(io.BytesIO(content), formats=formats)
    except UnidentifiedImageError as error:
        raise ImageError(f"is damaged or of an unknown format, {NOT_A_PICTURE}") from error
    except Image.DecompressionBombError:
        _refuse_too_many_pixels(*_size_in_header(content))
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
    # HEIC decoders turn the picture themselves and take the mark away.
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
        raise ImageError(
            f"is {width}×{height} pixels, more than the {MAX_PIXELS:,} that Fieldguide decodes"
        )


def _size_in_header(content: bytes) -> tuple[int, int]:
    """`(width, height)` of a picture that `Image.open` refuses for its size; (0, 0) if unknown."""
    for name in _FORMATS:
        factory, accept = Image.OPEN[name]
        if accept is None or accept(content[:16]) is True:
            with factory(io.BytesIO(content), "") as image:
                return image.size
    return 0, 0


def _plain_reason(error: BaseException) -> str:
    text = str(error).strip().rstrip(".")
    lowered = text.lower()
    if isinstance(error, MemoryError):
        return "needs more memory than there is"
    if isinstance(error, Image.DecompressionBombError):
        return f"has more than the {MAX_PIXELS:,} pixels that Fieldguide decodes"
    if isinstance(error, EOFError) or any(
        sign in lowered for sign in ("truncated", "incomplete", "end of file", "not enough")
    ):
        return "is cut off (truncated)"
    return f"is damaged ({text})" if text else "is damaged"


def _is_heif(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS


def _prepare_pillow(content: bytes) -> None:
    global _plugins_ready, _heif_ready
    if not _plugins_ready:
        with _setup_lock:
            _import_plugins()
            _plugins_ready = True
    if not _heif_ready and _is_heif(content):
        with _setup_lock:
            _register_heif()
            _heif_ready = True
    _silence_pillow()


def _import_plugins() -> None:
    """Register the formats asked for; otherwise `Image.open` imports every plugin there is."""
    from PIL import (  # noqa: F401
        AvifImagePlugin,
        BmpImagePlugin,
        GifImagePlugin,
        IcoImagePlugin,
        Jpeg2KImagePlugin,
        JpegImagePlugin,
        PngImagePlugin,
        PpmImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )


def _register_heif() -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()


def _silence_pillow() -> None:
    """Keep Pillow's warnings about odd files off the screen.

    `warnings.catch_warnings` is not safe with threads, so the filter stays. It is looked for
    each time since a test runner or a library may have reset the list.
    """
    if not warnings.filters or warnings.filters[0] != _WARNING_FILTER:
        warnings.filterwarnings("ignore", module=_PILLOW_MODULES)
