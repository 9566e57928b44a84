"""The library: 20 projects and 200 runs beside an empty one.

The real window runs without a screen in processes of its own, as in `window`. The homes with and
without projects take turns, so that a busy moment meets both; the first pair, which warms the
disk, doesn't count.
"""

import hashlib
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from core.data.dataset import Split
from core.library.entry import Entry
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, write_run_images
from core.runs.run_label import RunLabel, write_run_label
from tests.benchmarks.window import milliseconds, run_script
from tests.library_projects import make_project
from tests.reported_runs import LABELS, finished_run

_NUM_PROJECTS = 20
_NUM_RUNS = 200
_NUM_IMAGES = 2_000
_STARTS = 9
_ROUNDS = 3


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        pictures = _make_images(Path(folder, "pictures"))
        with _home(Path(folder, "full")):
            full = _make_library(pictures, _NUM_PROJECTS, _NUM_RUNS)
        with _home(Path(folder, "small")):
            small = _make_library(pictures, 1, 0)
        _home_folder(Path(folder, "empty"))
        return [
            f"| what | {_NUM_PROJECTS} projects, {_NUM_RUNS} runs | none |",
            "|---|---|---|",
            _start_row(Path(folder)),
            *_page_rows(Path(folder), full, small),
        ]


def _start_row(folder: Path) -> str:
    seconds: dict[str, list[float]] = {"full": [], "empty": []}
    for _ in range(_STARTS + 1):
        for name, found in seconds.items():
            with _home(folder / name):
                start = time.monotonic()
                found.append(run_script("start")["usable_at"] - start)
    texts = [
        f"{statistics.median(found[1:]):.2f} s ({max(found[1:]):.2f} s)"
        for found in seconds.values()
    ]
    return f"| start to usable window, median of {_STARTS} (largest) | {' | '.join(texts)} |"


def _page_rows(folder: Path, full: Entry, small: Entry) -> list[str]:
    found: dict[str, list[Any]] = {"full": [], "small": []}
    for _ in range(_ROUNDS + 1):
        for name, entry in (("full", full), ("small", small)):
            with _home(folder / name):
                found[name].append(run_script("pages", entry.project_file))
    rows = []
    for key, text in (
        ("Projects painted", "page Projects, click to paint"),
        ("Projects read", "page Projects, click to all cards"),
        ("Runs first painted", "page Runs for the first time, click to paint"),
        ("Runs first read", "page Runs for the first time, click to all rows"),
        ("Runs painted", "page Runs again, click to paint"),
        ("Runs read", "page Runs again, click to all rows"),
    ):
        medians = [
            f"{statistics.median(each[key] for each in found[name][1:]):.3f} s" for name in found
        ]
        rows.append(f"| {text}, median of {_ROUNDS} | {' | '.join(medians)} |")
    gaps = [
        milliseconds([gap for each in found[name][1:] for gap in each["gaps"]]) for name in found
    ]
    return [*rows, f"| stall meanwhile, p50 / p99 / max | {' | '.join(gaps)} |"]


def _make_library(pictures: Path, num_projects: int, num_runs: int) -> Entry:
    """Make projects of the same images; the first one has the runs, each with all images."""
    entries = [make_project(pictures, f"project {number:02}") for number in range(num_projects)]
    first = entries[0]
    if not num_runs:
        return first
    template = finished_run(first.folder.parents[2] / "images of runs")
    write_run_images(
        RunFolder(template).images_path,
        LABELS,
        [
            RunImage(path, 0, Split.TRAINING, hashlib.sha256(path.name.encode()).digest())
            for path in sorted(pictures.glob("*/*"))
        ],
    )
    first.runs_dir.mkdir()
    for number in range(num_runs):
        run = first.runs_dir / f"run {number:03}"
        shutil.copytree(template, run)
        write_run_label(run, RunLabel(f"with {number} of something"))
    return first


def _make_images(folder: Path) -> Path:
    for number in range(_NUM_IMAGES):
        path = folder / ("cat", "dog")[number % 2] / f"{number:04}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (24, 18), (number % 256, number // 256 * 30, 90)).save(path)
    return folder


def _home_folder(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """Use a folder for all of Fieldguide's own files."""
    previous = os.environ.get("FIELDGUIDE_HOME")
    os.environ["FIELDGUIDE_HOME"] = str(_home_folder(folder))
    try:
        yield
    finally:
        if previous is None:
            del os.environ["FIELDGUIDE_HOME"]
        else:
            os.environ["FIELDGUIDE_HOME"] = previous


if __name__ == "__main__":
    print("\n".join(main()))
