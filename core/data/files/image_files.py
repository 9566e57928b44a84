"""Tell image files from others by name, and read them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import ImageError
from core.image_fault import ImageFault
from core.image_reading.file_content import file_content
from core.image_reading.image_formats import IMAGE_SUFFIXES
from core.image_reading.unreadable import UnreadableError

_SUFFIXES_WITHOUT_16_BITS = frozenset({".jpg", ".jpeg", ".webp", ".gif", ".heic", ".avif", ".bmp"})
_HIDDEN_NAMES = frozenset({"__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"})


def has_image_suffix(name: str) -> bool:
    """Tell by its name whether a file is an image."""
    stem, dot, suffix = name.rpartition(".")
    return bool(stem and dot) and suffix.lower() in IMAGE_SUFFIXES


def may_have_16_bits(path: Path) -> bool:
    """Tell by its name whether a file may hold 16-bit samples without saying how many are in use.

    Only for these does `Decoding.sample_bits` matter.
    """
    return path.suffix.lower() not in _SUFFIXES_WITHOUT_16_BITS


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder is hidden, or one that systems and tools leave behind."""
    return name.startswith(".") or name.lower() in _HIDDEN_NAMES


def read_image_file(path: Path) -> bytes:
    """Read an image file.

    Raises:
        ImageError: If it is gone, can't be read, is no regular file or is too large.
    """
    return read_image_file_and_stat(path)[0]


def read_image_file_and_stat(path: Path) -> tuple[bytes, os.stat_result]:
    """Read an image file, and its `stat` before that.

    Raises:
        ImageError: See `read_image_file`.
    """
    with image_errors():
        return file_content(path)


@contextmanager
def image_errors() -> Iterator[None]:
    """Turn the reader's errors into those of the program.

    Raises:
        ImageError: In place of an `UnreadableError`.
    """
    try:
        yield
    except UnreadableError as error:
        raise ImageError(ImageFault[error.fault], *error.details) from error


def absolute_path(path: Path) -> Path:
    """`path` seen from the root, with the links in it kept."""
    return path if path.is_absolute() else Path(os.fspath(path.absolute()))
