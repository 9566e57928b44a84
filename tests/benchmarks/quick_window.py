"""`fieldguide classify --window`: from the start of the process to the answer, and hand-overs."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.benchmarks.surroundings import ROOT, own_home

_STARTS = 5
_CALLS = 200
_PHOTO = ROOT / "tests" / "data" / "known_photos" / "cat.jpg"
_OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    return ["| what | measured | target |", "|---|---|---|", *_start_rows(), *_hand_over_rows()]


def _start_rows() -> list[str]:
    """Cold starts in turns with the bare import of Qt; the first pair doesn't count."""
    shown, answered, bare = [], [], []
    for _ in range(_STARTS + 1):
        with own_home():
            start = time.monotonic()
            result = _run_script()
        shown.append(result["shown_at"] - start)
        answered.append(result["answered_at"] - start)
        start = time.monotonic()
        subprocess.run([sys.executable, "-c", "import PySide6.QtWidgets"], check=True)
        bare.append(time.monotonic() - start)
    heavy = ", ".join(result["heavy"]) or "none"
    return [
        f"| quick window, start to window, median of {_STARTS} (largest) | "
        f"{_seconds(shown[1:])}; bare import of PySide6.QtWidgets "
        f"{statistics.median(bare[1:]):.2f} s | 1 s |",
        f"| start to answer | {_seconds(answered[1:])} | 1 s |",
        f"| TensorFlow's and pyqtgraph's modules loaded then | {heavy} | none |",
    ]


def _hand_over_rows() -> list[str]:
    """One call after the other to a running window, then as many as possible at once."""
    singles = []
    with own_home(), _instance() as instance:
        for number in range(_STARTS + 1):
            name = f"/nowhere/single {number}.jpg"
            start = time.monotonic()
            call = _call(name)
            assert _next(instance) == name
            singles.append(time.monotonic() - start)
            assert call.wait() == 0
        names = {f"/nowhere/{number}.jpg" for number in range(_CALLS)}
        start = time.monotonic()
        calls = [_call(name) for name in names]
        codes = [call.wait() for call in calls]
        seconds = time.monotonic() - start
        # Those that were not handed over opened a window of their own, and would still run.
        arrived = {_next(instance) for _ in names}
    lost = len(names - arrived) + sum(code != 0 for code in codes)
    return [
        f"| call to a running window, start to its arrival there | {_seconds(singles[1:])} | – |",
        f"| {_CALLS} calls at once, each a process: lost; until the last has ended | "
        f"{lost}; {seconds:.1f} s | 0 |",
    ]


def _seconds(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} s ({max(values):.2f} s)"


def _run_script() -> Any:
    result = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.quick_script", str(_PHOTO)],
        env=os.environ | _OFFSCREEN,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(result.stdout.splitlines()[-1])


def _call(name: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "main.py", "classify", "--window", name]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | _OFFSCREEN)


@contextmanager
def _instance() -> Iterator["subprocess.Popen[str]"]:
    """A running quick window, whose images can be read as they arrive."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.gui.quick.watched_call", "call", str(_PHOTO)],
        cwd=ROOT,
        env=os.environ | _OFFSCREEN,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert _next(process) == str(_PHOTO)
            yield process
        finally:
            process.terminate()


def _next(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


if __name__ == "__main__":
    print("\n".join(main()))
