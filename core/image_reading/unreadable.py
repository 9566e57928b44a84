"""Why an image file can't be read, be it for want of a package."""

from __future__ import annotations

import struct
import zlib
from importlib import import_module
from typing import Any

from PIL import Image

REASONS = {
    "MISSING": "is not there",
    "NOT_A_FILE": "is not a regular file",
    "NOT_READABLE": "can't be read: %2",
    "FILE_TOO_LARGE": "is larger than %2 GiB",
    "FILE_TOO_LARGE_FOR_MEMORY": "is too large for this computer's memory",
    "EMPTY": "is empty (0 bytes)",
    "NO_IMAGE": "%2",
    "DICOM": "is a DICOM file; export it as PNG or TIFF first",
    "PHOTOSHOP": "is a Photoshop document; export it as PNG or TIFF first",
    "CAMERA_RAW": "is a camera RAW file; export it as PNG or TIFF first",
    "UNREAD_FORMAT": "is a file of the format %2; export it as PNG or TIFF first",
    "TIFF_CHANNELS": "is a TIFF of %2 channels; export it in colour or grayscale first",
    "TIFF_COMPLEX": "is a TIFF of complex numbers; export it in colour or grayscale first",
    "TIFF_UNKNOWN": "is a TIFF of a rare kind (%2); export it as PNG first",
    "NEEDS_PACKAGE": "is of the format %2, which needs the package %3",
    "UNKNOWN_FORMAT": "is of an unknown format, not a picture",
    "DAMAGED_START": "is damaged: it begins as a picture, but can't be read",
    "DAMAGED": "is damaged",
    "TRUNCATED": "is cut off (truncated)",
    "TOO_MANY_PIXELS": "is %2×%3 pixels, more than the %4 that Fieldguide decodes",
    "FAR_TOO_MANY_PIXELS": "has more than the %2 pixels that Fieldguide decodes",
    "TOO_LARGE_FOR_MEMORY": "needs more memory than there is",
    "NO_FINITE_VALUE": "holds no finite pixel value",
    "NOT_RESIZABLE": "can't be resized from %2×%3",
}
"""Worded to follow the image's name, by the names that `core.image_fault` has for them, too."""

# What Pillow, its plugins and the other readers raise for files that are not as they should be.
# `Warning` is here for processes that turn warnings into errors.
READER_ERRORS = (
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
    "need_more_input",
)


class UnreadableError(Exception):
    """An image file can't be read; the message is the reason, without the file's name.

    Args:
        fault: Key of `REASONS`.
        details: What belongs in its places from %2 on.
    """

    def __init__(self, fault: str, *details: str | int) -> None:
        super().__init__(fault, *details)
        self.fault, self.details = fault, details

    def __str__(self) -> str:
        reason = REASONS[self.fault]
        for place, detail in enumerate(self.details, 2):
            text = f"{detail:,}" if isinstance(detail, int) else detail
            reason = reason.replace(f"%{place}", text)
        return reason


def require(package: str, format_name: str) -> Any:
    """Import a package that a file asks for.

    Raises:
        UnreadableError: If it is not installed.
    """
    try:
        return import_module(package)
    except ImportError as error:
        raise UnreadableError("NEEDS_PACKAGE", format_name, package.replace("_", "-")) from error


def plain_error(error: BaseException, most_pixels: int) -> UnreadableError:
    """The reason for one of the `READER_ERRORS`."""
    if isinstance(error, MemoryError):
        return UnreadableError("TOO_LARGE_FOR_MEMORY")
    if isinstance(error, Image.DecompressionBombError):
        return UnreadableError("FAR_TOO_MANY_PIXELS", most_pixels)
    text = str(error).lower()
    if isinstance(error, EOFError) or any(sign in text for sign in _SIGNS_OF_TRUNCATION):
        return UnreadableError("TRUNCATED")
    # What the readers say beyond that speaks to programmers; the cause stays attached for them.
    return UnreadableError("DAMAGED")
