"""Interrupted batches, to be resumed or removed."""

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from core.batch.journal import LOCK_PATIENCE_S, SUFFIX, batches_dir, lock_path
from core.batch.question import BatchQuestion
from core.storage.json_file import parse_json

_KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class UnfinishedBatch:
    """A batch that has classified only some of its images.

    Attributes:
        num_done: Classified images.
        num_total: All its images.
        stopped_at: Seconds since the epoch.
    """

    question: BatchQuestion
    num_done: int
    num_total: int
    stopped_at: float


def unfinished_batches() -> list[UnfinishedBatch]:
    """List interrupted batches, newest first, without damaged ones and those older than 30 days.

    Those two are removed. Running ones are left out, and those whose model has changed or can't be
    read: they would start from the beginning.
    """
    found = []
    for path in batches_dir().glob(f"*{SUFFIX}"):
        with suppress(Timeout, OSError), FileLock(lock_path(path), timeout=LOCK_PATIENCE_S):
            batch = _read(path)
            if batch is None or time.time() - batch.stopped_at > _KEPT_SECONDS:
                path.unlink(missing_ok=True)
            else:
                found.append(batch)
    newest_first = sorted(found, key=lambda batch: -batch.stopped_at)
    return [batch for batch in newest_first if batch.question.is_same_model()]


def forget(question: BatchQuestion) -> None:
    """Remove the journal of a batch, unless it is running."""
    path = batches_dir() / (question.key + SUFFIX)
    with suppress(Timeout, OSError), FileLock(lock_path(path), timeout=LOCK_PATIENCE_S):
        path.unlink(missing_ok=True)


def _read(path: Path) -> UnfinishedBatch | None:
    try:
        with path.open("rb") as file:
            header = parse_json(file.readline())
            num_done = sum(line.endswith(b"\n") for line in file)
        question = BatchQuestion.from_json_dict(header["question"])
        batch = UnfinishedBatch(question, num_done, int(header["num_total"]), path.stat().st_mtime)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return batch if path.stem == question.key and num_done else None
