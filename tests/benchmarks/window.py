"""The window: start, stalls of its main thread, 100,000 images, and answers.

The real window runs without a screen in processes of its own, driven by
`tests.benchmarks.window_scripts`. A stall is the time between two ticks of a 5-ms timer of the
main thread, the 5 ms included; an idle window has about 5.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.computer.processor import num_cores
from tests.benchmarks.surroundings import ROOT, own_home, photo_data

_STARTS = 9
_NUM_IMAGES = 100_000
_NUM_CLASSES = 10


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    return [
        "| what | measured | target |",
        "|---|---|---|",
        *_start_rows(),
        *_job_rows(),
        *_scan_rows(),
    ]


def _start_rows() -> list[str]:
    """From the start of the process to the first paint with nothing left to do.

    Beside it the bare import of Qt, in turns, so that a busy moment meets both. The first
    pair, which warms the disk, doesn't count.
    """
    ours, bare = [], []
    loaded: set[str] = set()
    for _ in range(_STARTS + 1):
        with own_home():
            start = time.monotonic()
            result = run_script("start")
            ours.append(result["usable_at"] - start)
            loaded |= {*result["tensorflow"]}
        start = time.monotonic()
        subprocess.run([sys.executable, "-c", "import PySide6.QtWidgets"], check=True)
        bare.append(time.monotonic() - start)
    own, reference = ours[1:], bare[1:]
    return [
        f"| start to usable window, median of {_STARTS} (largest) | "
        f"{statistics.median(own):.2f} s ({max(own):.2f} s); bare import of PySide6.QtWidgets "
        f"{statistics.median(reference):.2f} s | 1 s |",
        f"| TensorFlow's modules loaded in the window | {', '.join(sorted(loaded)) or 'none'} "
        "| none |",
    ]


def _job_rows() -> list[str]:
    """2,000 photographs, 50 epochs, batch 10: stalls, answers, and the same job again."""
    with own_home():
        result = run_script("job", photo_data() / "buildings_forest" / "train")
    answers = result["answers"]
    return [
        f"| stall while training from cold caches ({result['cold_seconds']:.1f} s), "
        f"p50 / p99 / max | {milliseconds(result['training_gaps'])} | p99 16 ms, max 50 ms |",
        f"| right-click to answer, median of {len(answers)} (largest) | "
        f"{statistics.median(answers):.3f} s ({max(answers):.3f} s) | 0.1 s |",
        f"| same job again, features cached, worker warm: click to saved model, median of "
        f"{len(result['cached_seconds'])} (largest) | "
        f"{statistics.median(result['cached_seconds']):.2f} s "
        f"({max(result['cached_seconds']):.2f} s) | 3 s |",
    ]


def _scan_rows() -> list[str]:
    """Drop a folder of 100,000 small, different JPEG files; memory is the window's process."""
    with tempfile.TemporaryDirectory() as folder, own_home():
        _make_images(Path(folder))
        result = run_script("scan", Path(folder), str(_NUM_IMAGES))
    memory = " / ".join(f"{result[name]:.0f}" for name in ("filled", "checked", "peak"))
    return [
        f"| {_NUM_IMAGES:,} files, drop to filled grid | {result['seconds']:.2f} s | 5 s |",
        f"| stall while scanning them, p50 / p99 / max | {milliseconds(result['scan_gaps'])} "
        "| p99 16 ms, max 50 ms |",
        f"| stall while they are looked at, and the grid is scrolled, p50 / p99 / max | "
        f"{milliseconds(result['check_gaps'])} | p99 16 ms, max 50 ms |",
        f"| memory of the window: grid filled / later, scrolled / peak (resident) | "
        f"{memory} MB | 400 MB |",
        f"| its proportional share (PSS) later | {result['share']:.0f} MB | 400 MB |",
    ]


def milliseconds(gaps: list[float]) -> str:
    p50, p99 = np.percentile(gaps, [50, 99])
    return " / ".join(f"{1000 * value:.0f}" for value in (p50, p99, max(gaps))) + " ms"


def run_script(name: str, *arguments: str | Path) -> Any:
    command = [sys.executable, "-m", "tests.benchmarks.window_scripts", name]
    result = subprocess.run(
        [*command, *map(str, arguments)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(result.stdout.splitlines()[-1])


def _make_images(folder: Path) -> None:
    """Small JPEG files of coloured squares, no two alike; in as many processes as cores."""
    for number in range(_NUM_CLASSES):
        (folder / f"class {number}").mkdir()
    step = -(-_NUM_IMAGES // num_cores())
    command = [sys.executable, "-m", "tests.benchmarks.window", str(folder)]
    processes = [
        subprocess.Popen([*command, str(first), str(min(first + step, _NUM_IMAGES))], cwd=ROOT)
        for first in range(0, _NUM_IMAGES, step)
    ]
    for process in processes:
        assert process.wait() == 0


def _write_images(folder: Path, first: int, end: int) -> None:
    random = np.random.default_rng(first)
    for number in range(first, end):
        squares = random.integers(0, 256, (6, 8, 3), dtype=np.uint8)
        image = Image.fromarray(squares).resize((64, 48), Image.Resampling.NEAREST)
        name = folder / f"class {number % _NUM_CLASSES}" / f"picture {number:06}.jpg"
        image.save(name, quality=60)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _write_images(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    else:
        print("\n".join(main()))
