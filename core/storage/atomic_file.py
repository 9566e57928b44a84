"""Write files that are whole or absent: to a temporary name, then renamed."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from core.errors import StorageError
from core.storage.storage_message import storage_message


def write_bytes_atomically(path: Path, content: bytes, mode: int | None = None) -> None:
    """Replace `path` by `content`; a reader sees the old bytes or the new ones, never a part.

    Args:
        mode: The file's permissions; by default those of any new file.

    Raises:
        StorageError: If the disk is full or the folder can't be written; the old file stays.
    """
    temporary = path.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not `tempfile`: only the owner may read its files, and a model may be for others.
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
    except BaseException as error:
        _remove(temporary)
        if isinstance(error, OSError):
            raise StorageError(storage_message("write", path, error)) from error
        raise


def write_json_atomically(path: Path, content: dict[str, Any]) -> None:
    """Write `content` as indented UTF-8 JSON; see `write_bytes_atomically`.

    Non-ASCII characters are escaped, so that any file name, valid Unicode or not,
    comes back as it was.
    """
    write_bytes_atomically(path, (json.dumps(content, indent=2) + "\n").encode("ascii"))


def _remove(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        # Its folder is no folder or can't be reached: the error at hand says so.
        return
