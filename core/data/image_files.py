"""Tell image files from others by name, and read them."""

import os
import stat
from pathlib import Path

from core.data.image_formats import IMAGE_SUFFIXES
from core.errors import ImageError
from core.image_fault import ImageFault

MAX_FILE_BYTES = 1 << 30
"""Larger files are refused unread: no image within the decoder's pixel limit needs as much."""

_HIDDEN_NAMES = frozenset({"__macosx", "thumbs.db", "desktop.ini", "@eadir", "$recycle.bin"})


def has_image_suffix(name: str) -> bool:
    """Tell by its name whether a file is an image."""
    stem, dot, suffix = name.rpartition(".")
    return bool(stem and dot) and suffix.lower() in IMAGE_SUFFIXES


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
    try:
        status = path.stat()
        # Opening a pipe would wait for a writer that never comes.
        if not stat.S_ISREG(status.st_mode):
            raise ImageError(ImageFault.NOT_A_FILE)
        if status.st_size > MAX_FILE_BYTES:
            raise ImageError(ImageFault.FILE_TOO_LARGE, MAX_FILE_BYTES >> 30)
        return path.read_bytes(), status
    except FileNotFoundError as error:
        raise ImageError(ImageFault.MISSING) from error
    except MemoryError as error:
        raise ImageError(ImageFault.FILE_TOO_LARGE_FOR_MEMORY) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ImageError(ImageFault.NOT_READABLE, reason) from error


def absolute_path(path: Path) -> Path:
    """`path` seen from the root, with the links in it kept."""
    return path if path.is_absolute() else Path(os.fspath(path.absolute()))
