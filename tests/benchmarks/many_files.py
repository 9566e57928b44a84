"""Scan and split of 100,000 small files: time and memory, beside a bare walk of the folder."""

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.surroundings import peak_megabytes

_NUM_FILES = 100_000
_NUM_CLASSES = 10


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        _make_files(Path(folder))
        command = [sys.executable, "-m", "tests.benchmarks.many_files", folder]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    walk, scan, split, base, scanned, peak = map(float, result.stdout.split())
    return [
        f"| {_NUM_FILES:,} files in {_NUM_CLASSES} classes | |",
        "|---|---|",
        f"| bare `os.walk` | {walk:.2f} s |",
        f"| scan | {scan:.2f} s |",
        f"| split | {split:.2f} s |",
        f"| memory of the process: before, after the scan, at its peak | {base:.0f}, "
        f"{scanned:.0f}, {peak:.0f} MB |",
    ]


def _make_files(folder: Path) -> None:
    for number in range(_NUM_CLASSES):
        (folder / f"class {number}").mkdir()
    for number in range(_NUM_FILES):
        name = folder / f"class {number % _NUM_CLASSES}" / f"picture {number:06}.jpg"
        name.write_bytes(number.to_bytes(4, "big"))


def _measure(folder: Path) -> None:
    """Print the figures; runs in a process of its own."""
    from core.data.dataset import ImageSource
    from core.data.scanning.scan import scan_images
    from core.data.split.assignment import assign_splits

    base = peak_megabytes()
    start = time.perf_counter()
    for _ in os.walk(folder):
        pass
    walked = time.perf_counter()
    dataset = scan_images([ImageSource(folder)], archive_dir=folder)
    scanned = time.perf_counter()
    after_scan = peak_megabytes()
    hashes = [hashlib.sha256(os.fsencode(image.path)).digest() for image in dataset.images]
    hashed = time.perf_counter()
    splits = assign_splits(
        class_indices=[image.class_index for image in dataset.images],
        sha256s=hashes,
        groups=range(len(hashes)),
        given=[None] * len(hashes),
        validation_split=0.1,
        test_split=0.1,
        seed=1,
    )
    assert len(splits) == _NUM_FILES
    end = time.perf_counter()
    print(walked - start, scanned - walked, end - hashed, base, after_scan, peak_megabytes())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _measure(Path(sys.argv[1]))
    else:
        print("\n".join(main()))
