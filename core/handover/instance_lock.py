"""Says which process listens at an address.

The system lets go of the lock with the process, however that ends: what lies at the address
without a lock is left over from a crash.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Self

# Not the library filelock: it takes 60 ms to import, more than a whole hand-over.
if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class InstanceLock:
    """Held until `release` or the process's end; children don't inherit it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def try_take(cls, address: str) -> Self | None:
        """The lock of an address, or None while another process holds it.

        Raises:
            OSError: If its file can't be made.
        """
        folder = tempfile.gettempdir() if sys.platform == "win32" else ""
        descriptor = os.open(Path(folder, f"{address}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform == "win32":
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return None
        # Its file stays: whoever removed it could take the lock that another one waits for.
        return cls(descriptor)

    def release(self) -> None:
        """Let another process have it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
