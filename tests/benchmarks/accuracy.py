"""Test accuracy over seeds, paired with the defaults of the version before.

A seed decides the split, or which few images a class has to train on. Features are computed once;
the training of the head is repeated, as `train` does it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import ImageSource, Split
from core.messages.control import RunControl
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.choices import Features, Optimizer
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset
from tests.benchmarks.surroundings import own_home, photo_data

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["TF_USE_LEGACY_KERAS"] = "1"

_SEEDS = range(1, 21)
_BEFORE = "before"
_CONFIGS = {
    # The defaults of the version before.
    _BEFORE: TrainConfig(features=Features.LAST, optimizer=Optimizer.ADAM, epochs=50),
    "Balanced": apply_preset(Preset.BALANCED, TrainConfig()),
    "Accurate": apply_preset(Preset.ACCURATE, TrainConfig()),
}
_SETS = {
    "flowers": "flowers",
    "sign digits": "sign_digits",
    "buildings, forest": "buildings_forest/train",
}
_FEW = (5, 10, 20, 50)
_MOST_TESTED = 100  # images a class, where few are trained on


def main(seeds: Sequence[int] = _SEEDS) -> list[str]:
    """Measure; gives lines of Markdown."""
    data = photo_data()
    with own_home():
        whole = ("flowers", "sign digits")
        lines = _table("split 80 / 10 / 10", data, _CONFIGS, whole, None, seeds)
        few = {name: _CONFIGS[name] for name in (_BEFORE, "Balanced")}
        for count in _FEW:
            lines += ["", *_table(f"{count} a class", data, few, tuple(_SETS), count, seeds)]
    return lines


def _table(
    title: str,
    data: Path,
    configs: Mapping[str, TrainConfig],
    names: Sequence[str],
    count: int | None,
    seeds: Sequence[int],
) -> list[str]:
    lines = [
        f"| {title}, seeds {seeds[0]} to {seeds[-1]} | {' | '.join(configs)} | "
        f"{' | '.join(f'{name} - {_BEFORE}' for name in configs if name != _BEFORE)} |",
        "|---" * (2 * len(configs)) + "|",
    ]
    for name in names:
        found = {each: np.zeros(len(seeds)) for each in configs}
        for place, seed in enumerate(seeds):
            with _images(data / _SETS[name], count, seed) as images:
                for each, config in configs.items():
                    found[each][place] = 100 * _accuracy(images, replace(config, seed=seed))
            print(name, count, seed, {key: row[place] for key, row in found.items()}, flush=True)
        means = " | ".join(f"{each.mean():.2f}%" for each in found.values())
        gains = " | ".join(
            _interval(each - found[_BEFORE]) for key, each in found.items() if key != _BEFORE
        )
        lines.append(f"| {name} | {means} | {gains} |")
    return lines


def _interval(differences: NDArray[np.float64]) -> str:
    """The mean with its 95% interval, by Student's t for 20 pairs."""
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    return f"{differences.mean():+.2f} ± {2.093 * error:.2f}"


@contextmanager
def _images(folder: Path, count: int | None, seed: int) -> Iterator[Path]:
    """The images of a set, or few of each class with others to test on, drawn by the seed."""
    if count is None:
        yield folder
        return
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as made:
        for label in sorted(folder.iterdir()):
            files = random.permutation(sorted(label.iterdir()))[: count + _MOST_TESTED]
            for place, file in enumerate(files):
                part = "train" if place < count else "test"
                target = Path(made) / part / label.name
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, target)
        yield Path(made)


def _accuracy(images: Path, config: TrainConfig) -> float:
    """Train a head and return its accuracy on the test split."""
    # Imported here: TensorFlow reads its settings when it is loaded.
    from core.training.backbone_choice import choose_backbone, configure_tensorflow
    from core.training.head_stage import HeadStage
    from core.training.run_data import RunDataPreparation

    reporter, control = Reporter(lambda _event: None), RunControl()
    source = ImageSource(images)
    with tempfile.TemporaryDirectory() as parent:
        folder = RunFolder.create(Path(parent) / "run", config, [source])
        data = RunDataPreparation(folder, config, reporter, control).prepare(
            [source], lambda: choose_backbone(config, reporter, control)
        )
        configure_tensorflow(config)
        stage = HeadStage(folder, config, data, control)
        stage.carry_out(reporter)
        logits = stage.result().logits[Split.TEST]
    return float(np.mean(logits.argmax(axis=1) == data.splits[Split.TEST].classes()))


if __name__ == "__main__":
    first, last = (int(argument) for argument in (*sys.argv[1:], 1, 20)[:2])
    print("\n".join(main(range(first, last + 1))))
