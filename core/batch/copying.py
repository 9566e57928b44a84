"""Copies one file into a folder: never over another one, never in part."""

import filecmp
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

_BLOCK_SIZE = 1 << 20


def copy_into(source: Path, folder: Path) -> bool:
    """Copy a file, with its times, under its own name or one with a number.

    Args:
        folder: Must be there.

    Returns:
        Whether it was copied; False if a file with the same content is there already.

    Raises:
        OSError: If the source can't be read or the copy not be written; nothing is left then.
    """
    for target in _candidates(folder, source.name):
        if os.path.lexists(target):  # a dangling link is in the way too
            if target.is_file() and filecmp.cmp(source, target, shallow=False):
                return False
            continue
        _copy(source, target)
        return True
    raise AssertionError("names don't run out")


def _candidates(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    for number in count(2):
        yield folder / f"{Path(name).stem} ({number}){Path(name).suffix}"


def _copy(source: Path, target: Path) -> None:
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with source.open("rb") as content, partial.open("xb") as copy:
            shutil.copyfileobj(content, copy, _BLOCK_SIZE)
        # The times and rights are a kindness; a file system that has none takes the picture.
        with suppress(OSError):
            shutil.copystat(source, partial)
        partial.rename(target)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
