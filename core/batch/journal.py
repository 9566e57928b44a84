"""The answers of a batch so far, kept so that it can be resumed after a stop or a crash.

A file is JSON Lines: the question and the number of images, then an answer a line. Only the last
line may be incomplete; images without a readable line are classified again.
"""

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from filelock import FileLock, Timeout

from core.batch.question import BatchQuestion
from core.batch.record import FileState, Record
from core.errors import StorageError
from core.models.named_image import NamedImage
from core.storage.app_dirs import data_dir
from core.storage.json_file import parse_json
from core.storage.storage_message import storage_message
from core.text import Text

SUFFIX = ".jsonl"
LOCK_PATIENCE_S = 1.0
"""A running batch holds its journal's lock for long; others hold it for a moment."""

_SCHEMA = 1
_FLUSH_SECONDS = 0.5


def batches_dir() -> Path:
    """Return the folder of the journals."""
    return data_dir() / "batches"


class BatchJournal:
    """The journal of one question; a context manager that locks it against other processes.

    Args:
        question: Whose answers it holds.
        num_total: Images that the question is about.
        resume: Whether earlier answers are kept; if not, they are removed.

    Raises:
        StorageError: On entering, if it can't be written or another process holds it.
    """

    def __init__(self, question: BatchQuestion, num_total: int, *, resume: bool) -> None:
        self._path = batches_dir() / (question.key + SUFFIX)
        self._header = {
            "schema": _SCHEMA,
            "question": question.to_json_dict(),
            "num_total": num_total,
        }
        self._resume = resume
        self._lock = FileLock(lock_path(self._path), timeout=LOCK_PATIENCE_S)
        # Two, so that a full disk, which fails the writer, doesn't prevent reading.
        self._reader: BinaryIO | None = None
        self._writer: BinaryIO | None = None
        # Only the offset of each record, since there may be many answers.
        self._offsets: dict[Path, int] = {}
        self._flushed_at = 0.0

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            try:
                self._open()
            except BaseException:
                self._close()
                self._lock.release()
                raise
        except Timeout as error:
            raise StorageError(
                Text("The same pictures are being classified by another Fieldguide.")
            ) from error
        except OSError as error:
            raise StorageError(storage_message("write", self._path, error)) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()
        self._lock.release()

    def is_answered(self, path: Path) -> bool:
        """Tell whether there is an earlier answer for the file as it is now."""
        return path in self._offsets and self._record(path).state == FileState.of(path)

    def answer(self, path: Path) -> NamedImage:
        """Return the earlier answer for a file."""
        return self._record(path).image

    def add(self, record: Record) -> None:
        """Keep an answer.

        Raises:
            StorageError: If the disk is full; no more answers are kept then.
        """
        if self._writer is None:
            return
        try:
            self._writer.write(record.to_line())
            now = time.monotonic()
            if now - self._flushed_at >= _FLUSH_SECONDS:
                self._flushed_at = now
                self._writer.flush()
        except OSError as error:
            _close(self._writer)
            self._writer = None
            raise StorageError(storage_message("write", self._path, error)) from error

    def remove(self) -> None:
        """Remove the journal, once all images are answered."""
        self._close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
            lock_path(self._path).unlink(missing_ok=True)

    def _record(self, path: Path) -> Record:
        assert self._reader is not None
        self._reader.seek(self._offsets[path])
        return Record.from_line(self._reader.readline())

    def _open(self) -> None:
        """Open the file, with its complete records if the batch is resumed."""
        end = self._read_offsets() if self._resume else 0
        if end:
            os.truncate(self._path, end)
        else:
            self._path.write_bytes(json.dumps(self._header).encode("ascii") + b"\n")
        self._reader, self._writer = self._path.open("rb"), self._path.open("ab")

    def _read_offsets(self) -> int:
        """Note where each record begins; return the end of the last complete one, 0 for none."""
        try:
            with self._path.open("rb") as file:
                header = file.readline()
                if not self._is_of_same_question(header):
                    return 0
                end = len(header)
                for line in file:
                    record = _whole_record(line)
                    if record is None:
                        break
                    self._offsets[record.image.path] = end
                    end += len(line)
                return end
        except (OSError, ValueError):
            self._offsets.clear()
            return 0

    def _is_of_same_question(self, header: bytes) -> bool:
        content = parse_json(header)
        return (
            isinstance(content, dict)
            and content.get("schema") == _SCHEMA
            and content.get("question") == self._header["question"]
        )

    def _close(self) -> None:
        for file in (self._reader, self._writer):
            _close(file)
        self._reader = self._writer = None


def _close(file: BinaryIO | None) -> None:
    """Close a file; images whose answers can't be written are classified again."""
    if file is not None:
        with suppress(OSError):
            file.close()


def _whole_record(line: bytes) -> Record | None:
    try:
        return Record.from_line(line) if line.endswith(b"\n") else None
    except ValueError:
        return None


def lock_path(journal: Path) -> Path:
    """Return the lock file of a journal."""
    return journal.with_suffix(".lock")
