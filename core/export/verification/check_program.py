"""Runs an artifact on images with its own runtime, and measures the time.

    python check_program.py FOLDER PICTURES.npy RESULT.npz BATCH_SIZE

It uses the `predict.py` next to the artifact, so that file is verified too. It imports nothing of
Fieldguide, and runs on Python 3.9 and later.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

_NUM_TIMED = 50
_NUM_WARM_UP = 3
_RATE_S = 1.0
_LONGEST_MESSAGE = 500


def main(folder: str, images_path: str, result_path: str, batch_size: str) -> int:
    """Write probabilities and times; return the exit code."""
    end_with_parent()
    sys.path.insert(0, folder)
    try:
        sys.dont_write_bytecode = True  # this run must not write into the artifact's folder
        classifier = importlib.import_module("predict").Classifier(Path(folder))
        say(runtime=classifier.runtime)
        found = check(classifier, np.load(images_path, mmap_mode="r"), int(batch_size))
        np.savez(result_path, **found)
    except Exception as error:  # noqa: BLE001 - whatever a runtime raises becomes a message
        reason = next(iter(str(error).strip().splitlines()), "")
        say(error=f"{type(error).__name__}: {reason}"[:_LONGEST_MESSAGE])
        return 1
    return 0


def check(classifier: Any, images: Any, batch_size: int) -> dict[str, Any]:
    """Compute probabilities of all images, latency of single ones, and the rate in batches.

    Returns:
        `probabilities` float32 `(n, num_classes)`, `latency_ms` float64 `(k,)`,
        `images_per_s` float64.
    """
    parts = []
    for start in range(0, len(images), batch_size):
        parts.append(classifier.probabilities(np.array(images[start : start + batch_size])))
        say(done=min(start + batch_size, len(images)), total=len(images))
    return {
        "probabilities": np.concatenate(parts).astype(np.float32),
        "latency_ms": latencies_ms(classifier, images),
        "images_per_s": np.float64(rate(classifier, images, batch_size)),
    }


def latencies_ms(classifier: Any, images: Any) -> Any:
    """Measure milliseconds per image, after a warm-up."""
    taken = []
    for index in range(_NUM_WARM_UP + _NUM_TIMED):
        image = np.array(images[index % len(images)][np.newaxis])
        started = time.perf_counter()
        classifier.probabilities(image)
        taken.append(1000 * (time.perf_counter() - started))
    return np.array(taken[_NUM_WARM_UP:])


def rate(classifier: Any, images: Any, batch_size: int) -> float:
    """Measure images per second in batches: the median over a second."""
    batch = np.array(images[:batch_size])
    classifier.probabilities(batch)
    began = time.perf_counter()
    rates: list[float] = []
    while not rates or time.perf_counter() - began < _RATE_S:
        started = time.perf_counter()
        classifier.probabilities(batch)
        rates.append(len(batch) / (time.perf_counter() - started))
    return float(np.median(rates))


def say(**message: Any) -> None:
    """Send a message to the parent process, a line of JSON."""
    print(json.dumps(message), flush=True)


def end_with_parent() -> None:
    """End when standard input closes, which the parent holds open."""

    def wait() -> None:
        # Not through `sys.stdin`: its lock, held by this thread, aborts an orderly exit.
        while os.read(0, 1):
            continue
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
