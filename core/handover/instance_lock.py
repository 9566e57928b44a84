"""Says which process listens at an address.

The system lets go of the lock with the process, however that ends: what lies at the address
without a lock is left over from a crash.
"""

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from filelock import BaseFileLock

# filelock lets go of a lock that nothing refers to any more.
_held: set["BaseFileLock"] = set()


class InstanceLock:
    """Held until `release` or the process's end; children don't inherit it."""

    def __init__(self, lock: "BaseFileLock") -> None:
        self._lock = lock

    @classmethod
    def try_take(cls, address: str) -> Self | None:
        """The lock of an address, or None while another process holds it.

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
        """Let another process have it."""
        self._lock.release()
        _held.discard(self._lock)
