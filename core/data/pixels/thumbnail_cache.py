"""Thumbnails kept between starts of the program."""

import io
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PIL import Image

from core.data.pixels.thumbnail import Thumbnail
from core.errors import StorageError
from core.image_reading.unreadable import READER_ERRORS
from core.storage.app_dirs import cache_dir
from core.storage.cache_database import CacheDatabase

logger = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS thumbnails (
    path BLOB, side INTEGER, state TEXT, jpeg BLOB, bytes INTEGER, used INTEGER,
    PRIMARY KEY (path, side)
);
CREATE INDEX IF NOT EXISTS by_use ON thumbnails (used, bytes);
"""
_MOST_BYTES = 512 << 20
_PRUNED_TO = 0.8
_PRUNE_EVERY = 500
_JPEG_QUALITY = 85

_T = TypeVar("_T")


class ThumbnailCache:
    """Remembers thumbnails as JPEG; any thread may use it, and it never fails.

    With a full disk or a damaged file, thumbnails are only made again.

    Args:
        path: The SQLite file; by default one in the user's cache folder.
        most_bytes: What all JPEGs may take; those added first go first.
    """

    def __init__(self, path: Path | None = None, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._added = 0
        self._path = path or cache_dir() / "thumbnails.sqlite"
        self._database: CacheDatabase | None = None
        self._is_usable = True

    def get(
        self, path: Path, stat: os.stat_result, side: int, sample_bits: int | None = None
    ) -> Thumbnail | None:
        """The thumbnail of a file that has not changed since; None if there is none."""

        def find(connection: sqlite3.Connection) -> bytes | None:
            row = connection.execute(
                "SELECT jpeg FROM thumbnails WHERE path=? AND side=? AND state=?",
                (_key(path, sample_bits), side, _state(stat)),
            ).fetchone()
            return bytes(row[0]) if row else None

        jpeg = self._run(find, None)
        return _decoded(jpeg) if jpeg else None

    def put(
        self,
        path: Path,
        stat: os.stat_result,
        side: int,
        thumbnail: Thumbnail,
        sample_bits: int | None = None,
    ) -> None:
        """Remember a thumbnail.

        Args:
            path: The image's file.
            stat: Its state from before it was read.
            side: What it was made for.
            thumbnail: Its pixels.
            sample_bits: How it was read; see `Decoding`.
        """
        jpeg = _encoded(thumbnail)
        key = _key(path, sample_bits)
        row = (key, side, _state(stat), jpeg, len(jpeg), time.time_ns())

        def add(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR REPLACE INTO thumbnails VALUES (?, ?, ?, ?, ?, ?)", row)
            if self._added % _PRUNE_EVERY == 0:
                self._prune(connection)
            self._added += 1

        self._run(add, None)

    def release(self) -> None:
        """Let go of the file, so that it can be removed; the next use opens or makes it."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None

    def close(self) -> None:
        """Let go of the file; nothing is remembered any more."""
        with self._lock:
            if self._database is not None:
                self._database.close()
            self._database = None
            self._is_usable = False

    def _prune(self, connection: sqlite3.Connection) -> None:
        total = connection.execute("SELECT coalesce(sum(bytes), 0) FROM thumbnails").fetchone()[0]
        if total <= self._most_bytes:
            return
        connection.execute(
            "DELETE FROM thumbnails WHERE rowid IN (SELECT rowid FROM (SELECT rowid, "
            "sum(bytes) OVER (ORDER BY used DESC) AS size FROM thumbnails) WHERE size > ?)",
            (int(self._most_bytes * _PRUNED_TO),),
        )

    def _run(self, action: Callable[[sqlite3.Connection], _T], default: _T) -> _T:
        with self._lock:
            if not self._is_usable:
                return default
            try:
                if self._database is None:
                    # Not before: making the cache should not wait for its file.
                    self._database = CacheDatabase(self._path, _SCHEMA)
                return self._database.run(action, default)
            except StorageError as error:
                logger.warning("Thumbnails are not kept: %s", error)
                self._is_usable = False
                return default


def _encoded(thumbnail: Thumbnail) -> bytes:
    image = Image.frombytes("RGB", (thumbnail.width, thumbnail.height), thumbnail.rgb)
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=_JPEG_QUALITY)
    return stream.getvalue()


def _decoded(jpeg: bytes) -> Thumbnail | None:
    try:
        with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
            decoded = image.convert("RGB")
            return Thumbnail(*decoded.size, decoded.tobytes())
    except READER_ERRORS:
        return None


def _key(path: Path, sample_bits: int | None) -> bytes:
    # No path holds a NUL; without bits, the key is that of earlier versions.
    return os.fsencode(path) + (b"" if sample_bits is None else b"\0%d" % sample_bits)


def _state(stat: os.stat_result) -> str:
    return f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}"
