"""SQLite files for caches, which replace themselves by empty ones when damaged."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from core.errors import StorageError
from core.text import Text

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_BUSY_TIMEOUT_S = 30.0
# Errors of the disk or the system. All others mean that the file is damaged or has the tables of
# another version.
_NOT_THE_FILES_FAULT = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)


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
        self._inode = 0
        self._connection = self._open_or_make_anew()

    def run(self, action: Callable[[sqlite3.Connection], _T], default: _T) -> _T:
        """Do `action` in one transaction; make a damaged file anew and return `default`.

        Raises:
            StorageError: If the disk is full or the file can't be written.
        """
        try:
            with _translated(self.path), self._connection:
                return action(self._connection)
        except _DamagedError as error:
            self._make_anew(error)
            return default

    def close(self) -> None:
        """Close the file; further use is a bug."""
        self._connection.close()

    def _open_or_make_anew(self) -> sqlite3.Connection:
        with self._opening():
            try:
                return self._open()
            except _DamagedError as error:
                return self._opened_anew(error)

    def _make_anew(self, error: "_DamagedError") -> None:
        self._connection.close()
        with self._opening():
            # Another process may have noticed the damage first.
            is_same = _inode(self.path) == self._inode
            self._connection = self._opened_anew(error) if is_same else self._open()

    def _opened_anew(self, error: "_DamagedError") -> sqlite3.Connection:
        logger.warning("%s is damaged and is made anew: %s", self.path, error)
        _remove(self.path)
        return self._open()

    def _open(self) -> sqlite3.Connection:
        with _translated(self.path):
            connection = sqlite3.connect(
                self.path, timeout=_BUSY_TIMEOUT_S, check_same_thread=False
            )
            try:
                self._set_up(connection)
                self._inode = _inode(self.path)
            except BaseException:
                connection.close()
                raise
        return connection

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """Let only one process at a time make the file.

        SQLite doesn't wait for others when it turns a file to write-ahead mode, and files
        must not be removed while another process makes them.
        """
        # Imported here: it takes 40 ms, which the start of the window needn't wait for.
        from filelock import FileLock

        with _translated(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=_BUSY_TIMEOUT_S):
                yield

    def _set_up(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA page_size={self._page_size}")
        connection.execute("PRAGMA journal_mode=WAL")
        # A power cut may lose the last transactions, never the file: it is a cache.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executescript(self._schema)


class _DamagedError(Exception):
    """The file is no sound database."""


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(_message(path, error.strerror or str(error))) from error
    except sqlite3.DatabaseError as error:
        if _primary_code(error) in _NOT_THE_FILES_FAULT:
            raise StorageError(_message(path, str(error))) from error
        raise _DamagedError(str(error)) from error


def _primary_code(error: sqlite3.DatabaseError) -> int | None:
    """SQLite's code without its details; None for what Python itself found wrong."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _message(path: Path, reason: str) -> Text:
    return Text(
        "Can't use the cache file %1: %2. Free some space, or move Fieldguide's files by setting "
        "FIELDGUIDE_HOME to a folder on another disk.",
        str(path),
        reason,
    )


def _inode(path: Path) -> int:
    """Return a number that differs from that of an earlier file at this path; 0 for no file."""
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
