"""Tell images from other files: by name where that says enough, else by the first bytes."""

import os
import re
import stat
from pathlib import Path

from core.data.files.image_files import has_image_suffix
from core.data.files.other_content import CONTENT_BY_SUFFIX, OtherContent, foreign_content
from core.image_reading.image_formats import IMAGE_FORMATS, formats_of

START_BYTES = 2048
"""How much of a file is read: a comment may stand before the tag that tells an SVG drawing."""

# Few bytes speak for these formats, so text and noise may begin with them. The header of a BMP
# has one of few sizes; numbers or a comment follow the sign of a PPM; an icon has an image.
_DOUBTFUL = {
    "BMP": rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0",
    "PPM": rb"P[1-6fy]\s+(#|-?\d)",
    "ICO": rb"\0\0\x01\0[^\0]",
}
# Nothing else begins like these; looked for first, since 100,000 files are mostly photographs.
_CLEAR = re.compile(
    b"|".join(each.signature for each in IMAGE_FORMATS if each.name in ("JPEG", "PNG", "WEBP")),
    re.DOTALL,
)
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def is_image_file(path: Path) -> bool:
    """Tell whether a file is an image; opens it only if its name doesn't say.

    One with an image's suffix is, whatever it holds and even if it isn't there.
    """
    if has_image_suffix(path.name):
        return True
    if content_by_name(path.name) is not None:
        return False
    try:
        is_file = stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False
    # A device isn't even opened: some do something then.
    return is_file and content_of_file(os.fspath(path)) is None


def content_by_name(name: str) -> OtherContent | None:
    """Return what a file holds by its suffix; None if it is an image, or if that doesn't tell."""
    stem, dot, suffix = name.rpartition(".")
    return CONTENT_BY_SUFFIX.get(suffix.lower()) if stem and dot else None


def content_of_file(path: str) -> OtherContent | None:
    """Return what a file holds by its first bytes; None if it is an image."""
    try:
        # Opening a pipe waits for a writer, unless told otherwise.
        descriptor = os.open(path, _OPEN_FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return OtherContent.NO_FILE
            start = os.read(descriptor, START_BYTES)
        finally:
            os.close(descriptor)
    except PermissionError:
        return OtherContent.FORBIDDEN
    except (OSError, ValueError):
        return OtherContent.UNREADABLE
    return content_of_start(start)


def content_of_start(start: bytes) -> OtherContent | None:
    """Return what a file's first bytes speak for; None for an image.

    Args:
        start: `START_BYTES`, or all if there are fewer.
    """
    if _CLEAR.match(start):
        return None
    foreign = foreign_content(start)
    if foreign is not None:
        return foreign
    formats = [each.name for each in formats_of(start[:64])]
    likely = [
        name
        for name in formats
        if name not in _DOUBTFUL or re.match(_DOUBTFUL[name], start, re.DOTALL)
    ]
    return None if likely else OtherContent.UNKNOWN
