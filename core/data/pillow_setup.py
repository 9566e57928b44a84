"""Readies Pillow: the formats that are wanted and no others, and no warnings."""

import re
import threading
import warnings

# Named one by one, so that a file can't reach decoders that nobody needs here: EPS would
# start Ghostscript, and TGA has no signature, so it takes noise for a picture.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "ICO")
_JPEG = ("JPEG",)
_JPEG_START = b"\xff\xd8\xff"
_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)

_PILLOW_MODULES = r"(PIL|pi_heif)\b"
_WARNING_FILTER = ("ignore", None, Warning, re.compile(_PILLOW_MODULES), 0)

_setup_lock = threading.Lock()
_plugins_ready = False
_heif_ready = False


def prepare_pillow(content: bytes) -> tuple[str, ...]:
    """Make ready what decoding `content` needs; thread-safe and nearly free from then on.

    Returns:
        The formats as which it may be opened.
    """
    global _plugins_ready, _heif_ready
    _silence_pillow()
    if content.startswith(_JPEG_START):
        # No other format begins so, and the other nine plugins take longer to import than
        # a photograph takes to decode.
        from PIL import JpegImagePlugin  # noqa: F401

        return _JPEG
    if not _plugins_ready:
        with _setup_lock:
            _import_plugins()
            _plugins_ready = True
    if not _heif_ready and _is_heif(content):
        with _setup_lock:
            _register_heif()
            _heif_ready = True
    return (*FORMATS, "HEIF") if _is_heif(content) else FORMATS


def _is_heif(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS


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
    import pi_heif

    pi_heif.register_heif_opener()


def _silence_pillow() -> None:
    """Keep Pillow's warnings about odd files off the screen.

    `warnings.catch_warnings` is not safe with threads, so the filter stays. It is looked for
    each time since a test runner or a library may have reset the list.
    """
    if not warnings.filters or warnings.filters[0] != _WARNING_FILTER:
        warnings.filterwarnings("ignore", module=_PILLOW_MODULES)
