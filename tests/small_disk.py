"""Disks that are full: a real one for those who may mount, a limit of file sizes for all others."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BYTES = 2**21


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of two megabytes, to be filled."""

    path: Path

    def fill(self, left: int = 0) -> None:
        """Leave so many bytes of room, a page more or less."""
        (self.path / "other").write_bytes(bytes(_BYTES - left))

    def make_room(self, megabytes: int = 100) -> None:
        """Let it hold more."""
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", self.path], check=True)


@contextmanager
def mounted(folder: Path) -> Iterator[SmallDisk]:
    """A small disk at an empty folder.

    Raises:
        OSError, CalledProcessError: If this process may not mount one.
    """
    command = ["mount", "-t", "tmpfs", "-o", f"size={_BYTES}", "none", folder]
    subprocess.run(command, capture_output=True, check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond some bytes, as on a full disk.

    The system says "File too large" then. No longer than the block: pytest's own output may go
    to a larger file.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
