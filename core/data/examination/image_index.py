"""Known facts about image files: content hashes, sizes, signatures, faults."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from core.data.pixels.decoder import DECODER_VERSION, ResizeMode
from core.image_fault import ImageFault
from core.storage.app_dirs import cache_dir
from core.storage.cache_database import CacheDatabase

# Paths are kept as the bytes that the system knows them by: they need not be valid Unicode.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, state TEXT, sha256 BLOB
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (
    sha256 BLOB, decoder INTEGER, fit TEXT,
    width INTEGER, height INTEGER, signature BLOB, error TEXT, fault TEXT,
    num_pages INTEGER, undeclared_largest INTEGER, is_flat INTEGER,
    PRIMARY KEY (sha256, decoder, fit)
) WITHOUT ROWID;
DROP TABLE IF EXISTS pictures;
DROP TABLE IF EXISTS faults;
"""  # the last two are of the first decoder, which read other pixels

# Older versions of SQLite allow 999 placeholders.
_BATCH = 500

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Facts found by decoding an image's content.

    Attributes:
        width: Pixels across, upright; 0 if it can't be decoded.
        height: Pixels down.
        signature: See `image_signature`; `None` if it can't be decoded.
        error: Why it can't be decoded, as `ImageError` says it, or `None`.
        fault: The same as a value; `None` only if `error` is.
        num_pages: Pictures in the file, of which the first is read.
        undeclared_largest: The largest of its 16-bit values if the file doesn't say how many bits
            they use, else `None`.
        is_flat: Whether all its pixels are of one color.
    """

    width: int
    height: int
    signature: bytes | None
    error: str | None
    fault: ImageFault | None = None
    num_pages: int = 1
    undeclared_largest: int | None = None
    is_flat: bool = False


class ImageIndex:
    """Remembers facts about images between runs; for several threads and processes.

    It is a cache: a damaged file is replaced by an empty one, which fills again.

    Args:
        path: The SQLite file; by default one in the user's cache folder.

    Raises:
        StorageError: From every method, if the disk is full or the file can't be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._database = CacheDatabase(path or cache_dir() / "pictures.sqlite", _SCHEMA)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; further use is a bug."""
        with self._lock:
            self._database.close()

    def sha256_of(self, path: Path, stat: os.stat_result) -> bytes | None:
        """Return the SHA-256 of a file's content if it was recorded and has not changed since."""
        return self._hashes([(path, stat)]).get(path)

    def known_hashes(self, paths: Iterable[Path]) -> dict[Path, bytes]:
        """Return the SHA-256 of those files that were recorded and have not changed since."""
        known: dict[Path, bytes] = {}
        for batch in _batches(paths):
            known.update(self._hashes(_with_stat(batch)))
        return known

    def record_hashes(self, entries: Iterable[tuple[Path, os.stat_result, bytes]]) -> None:
        """Remember files' hashes.

        Args:
            entries: Path, its `stat` from before the content was read, and the SHA-256.
        """
        rows = [(os.fsencode(path), _state(stat), sha256) for path, stat, sha256 in entries]
        if rows:
            statement = "INSERT OR REPLACE INTO files VALUES (?, ?, ?)"
            self._run(lambda connection: connection.executemany(statement, rows) and None, None)

    def known_facts(
        self, sha256s: Iterable[bytes], resize_mode: ResizeMode = ResizeMode.SQUASH
    ) -> dict[bytes, ImageFacts]:
        """Return the facts about those contents that this version of the decoder has found.

        Args:
            sha256s: The contents.
            resize_mode: With which signatures were computed; those of different fits don't compare.
        """
        known: dict[bytes, ImageFacts] = {}
        for batch in _batches(sha256s):
            known.update(self._facts(batch, resize_mode))
        return known

    def record_facts(
        self, facts: Mapping[bytes, ImageFacts], resize_mode: ResizeMode = ResizeMode.SQUASH
    ) -> None:
        """Remember facts, by the contents' SHA-256."""
        rows = [
            (
                *(sha256, DECODER_VERSION, resize_mode.value, f.width, f.height, f.signature),
                *(f.error, f.fault.name if f.fault else None),
                *(f.num_pages, f.undeclared_largest, f.is_flat),
            )
            for sha256, f in facts.items()
        ]
        statement = f"INSERT OR REPLACE INTO facts VALUES ({', '.join('?' * 11)})"
        if rows:
            self._run(lambda connection: connection.executemany(statement, rows) and None, None)

    def _hashes(self, files: Sequence[tuple[Path, os.stat_result]]) -> dict[Path, bytes]:
        wanted = {os.fsencode(path): (path, _state(stat)) for path, stat in files}
        rows = self._select("SELECT path, state, sha256 FROM files WHERE path IN", list(wanted))
        return {wanted[path][0]: sha256 for path, state, sha256 in rows if state == wanted[path][1]}

    def _facts(self, sha256s: Sequence[bytes], resize_mode: ResizeMode) -> dict[bytes, ImageFacts]:
        rows = self._select(
            "SELECT sha256, width, height, signature, error, fault, num_pages, undeclared_largest, "
            f"is_flat FROM facts WHERE decoder = {DECODER_VERSION} AND fit = '{resize_mode.value}' "
            "AND sha256 IN",
            sha256s,
        )
        return {
            sha256: ImageFacts(
                *(width, height, signature, error, ImageFault[fault] if fault else None),
                *(num_pages, largest, bool(is_flat)),
            )
            for sha256, width, height, signature, error, fault, num_pages, largest, is_flat in rows
            # Later versions may know other faults: those are examined again.
            if fault is None or fault in ImageFault.__members__
        }

    def _select(self, statement: str, keys: Sequence[bytes]) -> list[tuple[Any, ...]]:
        marks = ",".join("?" * len(keys))
        return self._run(
            lambda connection: connection.execute(f"{statement} ({marks})", keys).fetchall(), []
        )

    def _run(self, action: Callable[[sqlite3.Connection], _T], default: _T) -> _T:
        with self._lock:
            return self._database.run(action, default)


def _state(stat: os.stat_result) -> str:
    """Describe a file's state, which changes when its content does.

    Copying tools set the time of modification back, but not that of the last change.
    """
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"


def _with_stat(paths: Sequence[Path]) -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in paths:
        try:
            found.append((path, path.stat()))
        except (OSError, ValueError):
            continue
    return found


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    batch: list[_T] = []
    for item in items:
        batch.append(item)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
