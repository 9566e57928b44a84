"""Default settings beside the preset Thorough, and frozen beside fine-tuned."""

import json
import statistics
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.surroundings import fieldguide, own_home, photo_data

_SEEDS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class _Result:
    accuracy: float
    seconds: float


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    with own_home() as home:
        return [*_flowers(home), "", *_buildings_forest(home)]


def _flowers(home: Path) -> list[str]:
    flowers = photo_data() / "flowers"
    lines = [
        "| flowers, default settings against Thorough | test accuracy, defaults | seconds "
        "| test accuracy, Thorough | seconds |",
        "|---|---|---|---|---|",
    ]
    results: dict[str, list[_Result]] = {"balanced": [], "thorough": []}
    for seed in _SEEDS:
        for preset in results:
            output = home / f"flowers {preset} {seed}"
            arguments = ("--preset", preset, "--seed", str(seed), "--output", output)
            results[preset].append(_trained(flowers, *arguments)[1])
        row = [results[preset][-1] for preset in results]
        lines.append(_row(f"seed {seed}", row))
        print(lines[-1], flush=True)
    means = [
        _Result(
            statistics.mean(result.accuracy for result in found),
            statistics.mean(result.seconds for result in found),
        )
        for found in results.values()
    ]
    lines.append(_row("mean", means))
    return lines


def _buildings_forest(home: Path) -> list[str]:
    data = photo_data() / "buildings_forest"
    lines = [
        "| buildings and forest, trained on 1,000 + 1,000 | accuracy on 661 others | seconds |",
        "|---|---|---|",
    ]
    for preset in ("balanced", "thorough"):
        output = home / f"buildings {preset}"
        arguments = ("--preset", preset, "--test-split", "0", "--seed", "1", "--output", output)
        run_dir, result = _trained(data / "train", *arguments)
        evaluated = json.loads(
            fieldguide("evaluate", "--model", run_dir / "model", data / "test", "--json")
        )
        lines.append(f"| {preset} | {100 * evaluated['accuracy']:.2f}% | {result.seconds:.0f} |")
        print(lines[-1], flush=True)
    return lines


def _trained(*arguments: str | Path) -> tuple[Path, _Result]:
    lines = fieldguide("train", "--json", *arguments).splitlines()
    last = json.loads(lines[-1])
    return Path(last["run_dir"]), _Result(last["test_accuracy"] or 0.0, last["seconds"])


def _row(name: str, results: list[_Result]) -> str:
    cells = "".join(f" {100 * one.accuracy:.2f}% | {one.seconds:.0f} |" for one in results)
    return f"| {name} |{cells}"
