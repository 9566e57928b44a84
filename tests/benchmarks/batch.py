"""10,000 images in one call, beside feature extraction; and what "unknown" is worth."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from core.runs.run_predictions import read_run_predictions
from tests.benchmarks.extraction import files_to_vectors
from tests.benchmarks.surroundings import ROOT, fieldguide, own_home, photo_data

_NUM_IMAGES = 10_000
_ROUNDS = 2
_EARLY, _LATE = 1_000, 9_900


@dataclass(frozen=True, slots=True)
class _Whole:
    """One call for all images.

    Attributes:
        rate: Images a second, the start of the process included.
        early: Memory after 1,000 answers, in MB.
        late: Memory after 9,900 answers, in MB.
    """

    rate: float
    early: float
    late: float


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    with own_home() as home:
        data = photo_data()
        run_dir = home / "run"
        fieldguide("train", data / "flowers", "--seed", "1", "--output", run_dir)
        folder = _many_images(data / "flowers", home / "many")
        vectors, wholes = [files_to_vectors()], []
        for _ in range(_ROUNDS):
            wholes.append(_classify(folder, run_dir))
            vectors.append(files_to_vectors())
        return [*_throughput(vectors, wholes), "", *_unknown(run_dir, data)]


def _many_images(source: Path, folder: Path) -> Path:
    """The photographs, each as a file of its own as often as it takes."""
    photos = sorted(source.rglob("*.jpg"))
    for number in range(_NUM_IMAGES):
        target = folder / str(number // 1_000) / f"{number:05}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(photos[number % len(photos)], target)
    return folder


def _classify(folder: Path, run_dir: Path) -> _Whole:
    command = [sys.executable, ROOT / "main.py", "classify", "--model", run_dir, "--csv", "-"]
    start, memory = time.perf_counter(), {}
    with subprocess.Popen([*command, folder], stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        for number, _ in enumerate(program.stdout):
            if number in (_EARLY, _LATE):
                memory[number] = _resident(program.pid)
    return _Whole(_NUM_IMAGES / (time.perf_counter() - start), memory[_EARLY], memory[_LATE])


def _resident(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _throughput(vectors: list[float], wholes: list[_Whole]) -> list[str]:
    reference = statistics.median(vectors)
    rate = statistics.median(whole.rate for whole in wholes)
    last = wholes[-1]
    return [
        "| 10,000 pictures, one call | |",
        "|---|---|",
        f"| `fieldguide classify --csv`, whole process | {rate:.0f} pictures/s |",
        f"| files to stored feature vectors, beside it | {reference:.0f} pictures/s |",
        f"| memory after {_EARLY:,} answers; after {_LATE:,} | {last.early:.0f} MB; "
        f"{last.late:.0f} MB |",
        "",
        f"Ratio: **{rate / reference:.2f}** (target 0.85).",
    ]


def _unknown(run_dir: Path, data: Path) -> list[str]:
    """What the learned threshold does to images of the classes, and to others."""
    info = json.loads((run_dir / "model" / "model.json").read_text(encoding="utf-8"))
    threshold = info["unknown_threshold"]
    _, predictions = read_run_predictions(run_dir)
    test = [each for each in predictions if each.split == "test"]
    named = [each for each in test if each.confidence >= threshold]
    right = [each for each in test if each.predicted == each.class_index]
    kept = sum(each.confidence >= threshold for each in right)
    accuracy = sum(each.predicted == each.class_index for each in named) / len(named)
    strangers = data / "buildings_forest" / "test"
    lines = fieldguide("classify", "--model", run_dir, "--json", strangers).splitlines()
    unknown = sum(json.loads(line)["unknown"] for line in lines)
    return [
        f"| threshold learned on flowers (seed 1): {100 * threshold:.1f}% | |",
        "|---|---|",
        f"| correctly classified test pictures that stay named (aim 95%) | {kept} of {len(right)}: "
        f"{100 * kept / len(right):.1f}% |",
        f"| accuracy of all test pictures; of those named | "
        f"{100 * len(right) / len(test):.1f}%; {100 * accuracy:.1f}% |",
        f"| pictures of buildings and forests called unknown | {unknown} of {len(lines)}: "
        f"{100 * unknown / len(lines):.1f}% |",
    ]


if __name__ == "__main__":
    print("\n".join(main()))
