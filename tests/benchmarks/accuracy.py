"""Accuracy with default settings on the photographs, over seeds; and the cache's part."""

import json
import statistics
from pathlib import Path

from tests.benchmarks.surroundings import fieldguide, own_home, photo_data

_SEEDS = (1, 2, 3)


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    data = photo_data()
    with own_home():
        runs = [_train(data / "flowers", seed) for seed in _SEEDS]
        lines = [
            "| flowers: 5 classes, 4,064 files, default settings | test accuracy | seconds "
            "| feature vectors from the cache |",
            "|---|---|---|---|",
            *(
                f"| seed {seed} | {100 * run['test_accuracy']:.2f}% | {run['seconds']:.1f} "
                f"| {run['cached']} |"
                for seed, run in zip(_SEEDS, runs, strict=True)
            ),
        ]
        mean = statistics.mean(run["test_accuracy"] for run in runs)
        lines += ["", f"Mean: **{100 * mean:.2f}%** (target 92%).", ""]
        _train(data / "buildings_forest" / "train", 1)
        result = json.loads(fieldguide("evaluate", data / "buildings_forest" / "test", "--json"))
    low, high = result["interval"]
    lines.append(
        "Buildings and forest, trained on 1,000 + 1,000, then `evaluate` on "
        f"{result['num_images']} others: **{100 * result['accuracy']:.2f}%** (95% interval "
        f"{100 * low:.2f} to {100 * high:.2f}%; target 99.8%)."
    )
    return lines


def _train(images: Path, seed: int) -> dict[str, float]:
    events = [
        json.loads(line)
        for line in fieldguide("train", images, "--seed", str(seed), "--json").splitlines()
    ]
    split = next(event for event in events if event["event"] == "dataset_split")
    return events[-1] | {"cached": split["cached_features"]}


if __name__ == "__main__":
    print("\n".join(main()))
