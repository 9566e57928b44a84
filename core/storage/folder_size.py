"""How much room a folder takes."""

import os
from pathlib import Path


def folder_bytes(folder: Path) -> int:
    """Add up the sizes of all files in and below a folder; unreadable ones don't count."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).lstat().st_size
            except OSError:
                continue
    return total
