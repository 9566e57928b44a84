"""Trainings of the sample pictures that several tests look at: each takes seconds."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of two megabytes, to be filled."""

    path: Path

    def make_room(self, megabytes: int = 100) -> None:
        """Let it hold more."""
        subprocess.run(["mount", "-o", f"remount,size={megabytes}m", self.path], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A disk that is soon full; only a process with the right to mount gets one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder]
    try:
        subprocess.run(command, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this process may not mount a small disk to fill")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)
