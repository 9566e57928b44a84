"""Read a file whole, if it is one that can be an image."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from .unreadable import UnreadableError

MAX_FILE_BYTES = 1 << 30
"""Larger files are refused unread: no image within the decoder's pixel limit needs as much."""


def file_content(path: Path) -> tuple[bytes, os.stat_result]:
    """Read a file, and its `stat` before that.

    Raises:
        UnreadableError: If it is gone, can't be read, is no regular file or is too large.
    """
    try:
        status = path.stat()
        # Opening a pipe would wait for a writer that never comes.
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("NOT_A_FILE")
        if status.st_size > MAX_FILE_BYTES:
            raise UnreadableError("FILE_TOO_LARGE", MAX_FILE_BYTES >> 30)
        return path.read_bytes(), status
    except FileNotFoundError as error:
        raise UnreadableError("MISSING") from error
    except MemoryError as error:
        raise UnreadableError("FILE_TOO_LARGE_FOR_MEMORY") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError("NOT_READABLE", reason) from error
