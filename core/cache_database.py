"""SQLite files that hold what can be made again, and heal themselves when damaged."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from core.errors import StorageError

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_BUSY_TIMEOUT_S = 30.0


class CacheDatabase:
    """One SQLite file in write-ahead mode; several processes may use it, one thread at a time.

    Args:
        path: The file; its folder is made if absent.
        schema: SQL that makes the tables if they aren't there.
        page_size: Bytes a page, for a file that is new.

    Raises:
        StorageError: If the file can't be made.
    """

    def __init__(self, path: Path, schema: str, *, page_size: int = 4096) -> None:
        self.path = path
        self._schema = schema
        self._page_size = page_size
        self._connection = self._open_or_make_anew()

    def run(self, action: Callable[[sqlite3.Connection], _T], default: _T) -> _T:
        """Do `action` in one transaction; on a damaged file make it anew and give `default`.

        Raises:
            StorageError: If the disk is full or the file can't be written.
        """
        try:
            with _translated(self.path), self._connection:
                return action(self._connection)
        except _DamagedError:
            self._make_anew()
            return default

    def close(self) -> None:
        """Let go of the file; further use is a bug."""
        self._connection.close()

    def _open_or_make_anew(self) -> sqlite3.Connection:
        try:
            return self._open()
        except _DamagedError:
            _remove(self.path)
            return self._open()

    def _make_anew(self) -> None:
        logger.warning("%s is damaged and is made anew", self.path)
        self._connection.close()
        _remove(self.path)
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        with _translated(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self.path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False
            )
            connection.execute(f"PRAGMA page_size={self._page_size}")
            connection.execute("PRAGMA journal_mode=WAL")
            # A power cut may lose the last transactions, never the file: it is a cache.
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.executescript(self._schema)
        return connection


class _DamagedError(Exception):
    """The file is no sound database."""


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(_message(path, error.strerror or str(error))) from error
    except sqlite3.OperationalError as error:
        raise StorageError(_message(path, str(error))) from error
    except sqlite3.DatabaseError as error:
        raise _DamagedError(str(error)) from error


def _message(path: Path, reason: str) -> str:
    return (
        f"Can't use the cache file {path}: {reason}. Free some space, or move Fieldguide's "
        "files by setting FIELDGUIDE_HOME to a folder on another disk."
    )


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
