"""The early accuracy: what it costs the extraction, and how near it is to that of the model.

Extractions with and without it alternate, each in a process of its own with a cold cache. On a
machine that others use, processor time says more than the wall's.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.data.dataset import ImageSource, Split
from core.messages.control import RunControl
from core.messages.events import Event, Phase, PhaseStarted, ProvisionalAccuracy
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from tests.benchmarks.surroundings import own_home, photo_data

if TYPE_CHECKING:
    from core.features.collect import FeatureSet
    from core.training.run_data import RunData

_ROUNDS = 4
_SEEDS = range(1, 6)


def main() -> list[str]:
    """Measure; return lines of Markdown."""
    return [*_slowdown(), "", *_agreement()]


def _slowdown() -> list[str]:
    rounds: dict[str, list[dict[str, float]]] = {"without": [], "with": []}
    for number in range(_ROUNDS):
        for which in sorted(rounds, reverse=bool(number % 2)):
            with own_home():
                measured = json.loads(_process("extract", which))
            print(which, measured, file=sys.stderr, flush=True)
            rounds[which].append(measured)
    lines = ["| flowers, features of a run | wall, s | processor, s |", "|---|---|---|"]
    for which, each in rounds.items():
        columns = [", ".join(f"{run[key]:.1f}" for run in each) for key in ("wall", "processor")]
        lines.append(f"| {which} | {' | '.join(columns)} |")
    ratios = {
        key: statistics.median(
            found[key] / other[key]
            for found, other in zip(rounds["with"], rounds["without"], strict=True)
        )
        for key in ("wall", "processor")
    }
    own = statistics.median(run["own"] / run["processor"] for run in rounds["with"])
    return [
        *lines,
        "",
        f"Median ratio of the pairs: wall {ratios['wall']:.3f}, processor "
        f"{ratios['processor']:.3f}; the heads' own processor time: {100 * own:.1f}%.",
    ]


def _agreement() -> list[str]:
    """Compare the last early accuracy with the test accuracy of the trained model."""
    lines = [
        "| seed | early accuracies, by number of pictures | test accuracy | not of training |",
        "|---|---|---|---|",
    ]
    differences = []
    with own_home():
        _process("extract", "without")  # fills the cache
        for seed in _SEEDS:
            run = json.loads(_process("train", str(seed)))
            print(seed, run, file=sys.stderr, flush=True)
            early = ", ".join(f"{number}: {100 * value:.1f}%" for number, value in run["early"])
            differences.append(100 * (run["early"][-1][1] - run["test"]))
            lines.append(f"| {seed} | {early} | {100 * run['test']:.1f}% | {run['foreign']} |")
    return [
        *lines,
        "",
        f"The last early accuracy minus the test accuracy: {np.mean(differences):+.1f} points on "
        f"average, {min(differences):+.1f} to {max(differences):+.1f}.",
    ]


def _process(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.provisional", *arguments]
    # As the worker sets them.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    environment["TF_USE_LEGACY_KERAS"] = "1"
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return result.stdout.splitlines()[-1]


def _extract(which: str) -> None:
    """Print what the features of a run take; runs in a process of its own."""
    from core.training import provisional_accuracy
    from core.training.provisional_accuracy import ProvisionalAccuracies

    if which == "without":
        provisional_accuracy._FEWEST_IMAGES = 10**9
    costs = [0.0]
    finish = ProvisionalAccuracies._finish

    def finish_and_note(self: ProvisionalAccuracies) -> None:
        finish(self)
        costs.append(self._cost)

    ProvisionalAccuracies._finish = finish_and_note  # type: ignore[method-assign]
    times: list[tuple[float, float]] = []

    def on_event(event: Event) -> None:
        if isinstance(event, PhaseStarted) and event.phase is Phase.EXTRACTING_FEATURES:
            times.append((time.perf_counter(), time.process_time()))

    _prepare(TrainConfig(), on_event)
    wall, processor = time.perf_counter() - times[0][0], time.process_time() - times[0][1]
    print(json.dumps({"wall": wall, "processor": processor, "own": max(costs)}))


def _train(seed: int) -> None:
    """Print the early accuracies and that of the head; runs in a process of its own."""
    from core.training import provisional_accuracy
    from core.training.backbone_choice import configure_tensorflow
    from core.training.head_stage import HeadStage
    from core.training.provisional_accuracy import ProvisionalAccuracies

    # All features come from the cache, in no time: heads are waited for.
    provisional_accuracy._LARGEST_FRACTION = 1e9
    note, sample = ProvisionalAccuracies.note, ProvisionalAccuracies._training_images
    used: set[bytes | None] = set()

    def note_and_wait(self: ProvisionalAccuracies, position: int, features: "FeatureSet") -> None:
        note(self, position, features)
        if self._thread is not None:
            self._thread.join()

    def sample_and_note(
        self: ProvisionalAccuracies, seen: list[int], features: "FeatureSet"
    ) -> object:
        found = sample(self, seen, features)
        used.update(features.sha256s[position] for position in found[0])
        return found

    ProvisionalAccuracies.note = note_and_wait  # type: ignore[method-assign, assignment]
    ProvisionalAccuracies._training_images = sample_and_note  # type: ignore[method-assign, assignment]
    early: list[tuple[int, float]] = []

    def on_event(event: Event) -> None:
        if isinstance(event, ProvisionalAccuracy):
            early.append((event.num_images, event.accuracy))

    config = TrainConfig(seed=seed)
    with tempfile.TemporaryDirectory() as parent:
        data = _prepare(config, on_event)
        configure_tensorflow(config)
        folder = RunFolder.create(Path(parent) / "run", config, [])
        stage = HeadStage(folder, config, data, RunControl())
        stage.carry_out(Reporter(lambda _event: None))
        right = (
            stage.result().logits[Split.TEST].argmax(axis=1) == data.splits[Split.TEST].classes()
        )
    trained = {image.sha256 for image in data.images if image.split is Split.TRAINING}
    foreign = len(used - trained)
    result = {"early": early, "test": float(np.mean(right)), "foreign": foreign}
    print(json.dumps(result))


def _prepare(config: TrainConfig, on_event: Callable[[Event], None]) -> "RunData":
    from core.training.backbone_choice import choose_backbone
    from core.training.run_data import RunDataPreparation

    reporter, control = Reporter(on_event), RunControl()
    source = ImageSource(photo_data() / "flowers")
    with tempfile.TemporaryDirectory() as parent:
        folder = RunFolder.create(Path(parent) / "run", config, [source])
        return RunDataPreparation(folder, config, reporter, control).prepare(
            [source], lambda: choose_backbone(config, reporter, control)
        )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["extract", which]:
            _extract(which)
        case ["train", seed]:
            _train(int(seed))
        case _:
            print("\n".join(main()))
