"""A lock that marks the process that listens at an address.

The system releases the lock when the process ends, in any way: a socket without a lock is left
over from a crash.
"""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from filelock import BaseFileLock

# filelock releases a lock when its object is freed.
_held: set["BaseFileLock"] = set()


class InstanceLock:
    """A lock held until `release` or the process's end; children don't inherit it."""

    def __init__(self, lock: "BaseFileLock") -> None:
        self._lock = lock

    @classmethod
    def try_take(cls, address: str) -> Self | None:
        """Take the lock of an address; None while another process holds it.

        Raises:
            OSError: If its file can't be made.
        """
        # Late: it takes longer to import than a whole hand-over, which needs no lock.
        from filelock import FileLock, Timeout

        folder = tempfile.gettempdir() if sys.platform == "win32" else ""
        # A lock that is a mere file would outlive a killed process.
        lock = FileLock(
            Path(folder, f"{address}.lock"),
            timeout=0,
            mode=0o600,
            thread_local=False,
            fallback_to_soft=False,
        )
        try:
            lock.acquire()
        except Timeout:
            return None
        _held.add(lock)
        return cls(lock)

    def release(self) -> None:
        """Release the lock."""
        self._lock.release()
        _held.discard(self._lock)
