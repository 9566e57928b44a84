"""A folder for what an export makes on the way, gone when it is over."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "fieldguide-export-"


@contextmanager
def workplace() -> Iterator[Path]:
    """An empty temporary folder; those of processes that were killed are removed meanwhile.

    It lies where temporary files go, not in the output: TensorFlow can't load a SavedModel from a
    path with brackets in it.

    Raises:
        OSError: If it can't be made.
    """
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _remove_left_behind() -> None:
    if os.name == "nt":  # asking there whether a process lives would end it
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
