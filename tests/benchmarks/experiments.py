"""`make experiments`: the experiments of docs/experiments.md, made again with the program itself.

Every figure comes from the run folders that `fieldguide train` leaves. The tables between the
page's marks and the images of the curves are replaced; the words around them stay.
"""

import json
import os
import re
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.surroundings import ROOT, describe_machine, fieldguide, own_home, photo_data

_PAGE = ROOT / "docs" / "experiments.md"
_CURVES = ROOT / "docs" / "experiments"
_SEEDS = (1, 2, 3)
# As in the lab: plain SGD, one learning rate, all epochs.
_AS_IN_THE_LAB = (
    *("--optimizer", "sgd", "--schedule", "constant", "--early-stopping-patience", "0"),
)
# What is asked about is training in steps, on the last layer's features as in such courses.
_IN_STEPS = ("--optimizer", "adam", "--epochs", "50", "--features", "last")
_IMAGES_PER_CLASS = 32
_CURVE_SIZE = (900, 520)


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run folder tells.

    Attributes:
        epoch_s: Median duration of an epoch; of fine-tuning where there was one.
        rate: Images a second from file to feature vector; 0 if all came from the cache.
    """

    folder: Path
    accuracy: float
    best_epoch: int
    epoch_s: float
    rate: float


def main() -> None:
    """Make all experiments and write the page."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with own_home() as home, tempfile.TemporaryDirectory() as folder:
        _replace("machine", describe_machine())
        _replace("batch-size", _batch_size(home))
        _replace("learning-rate", _learning_rate(home))
        _replace("networks", _networks(home, Path(folder)))


def _batch_size(home: Path) -> list[str]:
    def options(value: str) -> tuple[str, ...]:
        return "--batch-size", value

    lines, runs = _compared(home, "batch size", ("4", "32"), options, defaults=())
    _draw("batch-size", runs["4"], runs["32"])
    return lines


def _learning_rate(home: Path) -> list[str]:
    def options(value: str) -> tuple[str, ...]:
        return "--learning-rate", value

    lines, runs = _compared(
        home, "learning rate, SGD", ("0.001", "1.0"), options, defaults=_AS_IN_THE_LAB
    )
    _draw("learning-rate", runs["0.001"], runs["1.0"])
    adam, _ = _compared(home, "learning rate, Adam", ("0.001", "1.0"), options, defaults=())
    return [*lines, "", *adam]


def _compared(
    home: Path,
    name: str,
    values: Sequence[str],
    options: Callable[[str], tuple[str, ...]],
    defaults: tuple[str, ...],
) -> tuple[list[str], dict[str, _Run]]:
    """A table of runs on the flowers over the seeds, and the first seed's run for each value."""
    lines = [
        f"| {name} | test accuracy, seeds {', '.join(map(str, _SEEDS))} | mean | best epoch "
        "| time per epoch |",
        "|---|---|---|---|---|",
    ]
    first: dict[str, _Run] = {}
    for value in values:
        runs = []
        for seed in _SEEDS:
            output = home / f"{name} {value} seed {seed}"
            settings = (*_IN_STEPS, *defaults, *options(value))
            arguments = (*settings, "--seed", str(seed), "--output", output)
            runs.append(_trained(photo_data() / "flowers", *arguments))
        first[value] = runs[0]
        accuracies = [100 * run.accuracy for run in runs]
        lines.append(
            f"| {value} | {', '.join(f'{accuracy:.2f}' for accuracy in accuracies)}% "
            f"| {statistics.mean(accuracies):.2f}% "
            f"| {', '.join(str(run.best_epoch) for run in runs)} "
            f"| {1000 * statistics.median(run.epoch_s for run in runs):.0f} ms |"
        )
        print(lines[-1], flush=True)
    return lines, first


def _networks(home: Path, folder: Path) -> list[str]:
    """Time only: the weights of these two are random here."""
    from tests.saved_models import save_keras_application

    images = _some_images(folder / "pictures")
    lines = [
        "| network | input | feature vector | pictures/s, features "
        "| epoch of fine-tuning, batch 4 | batch 32 |",
        "|---|---|---|---|---|---|",
    ]
    for name, title, side in (
        ("MobileNetV2", "MobileNet V2", 224),
        ("InceptionV3", "Inception V3", 299),
    ):
        saved = save_keras_application(folder / name, name, side)
        fieldguide("backbones", "import", saved, "--name", name)
        (info,) = (
            backbone
            for line in fieldguide("backbones", "list", "--json").splitlines()
            if (backbone := json.loads(line))["name"] == name
        )
        epochs, rate = {}, 0.0
        for batch_size in (4, 32):
            output = home / f"{name} {batch_size}"
            run = _trained(
                images,
                *("--backbone", name, "--batch-size", str(batch_size), *_IN_STEPS, "--epochs", "2"),
                *("--fine-tune", "--fine-tune-epochs", "2", "--output", output),
            )
            epochs[batch_size] = run.epoch_s
            rate = rate or run.rate
        height, width = info["input_size"]
        lines.append(
            f"| {title} | {width}×{height} | {info['feature_dim']} | {rate:.0f} "
            f"| {epochs[4]:.0f} s | {epochs[32]:.0f} s |"
        )
        print(lines[-1], flush=True)
    return lines


def _some_images(folder: Path) -> Path:
    for source in sorted((photo_data() / "flowers").iterdir()):
        (folder / source.name).mkdir(parents=True)
        for path in sorted(source.iterdir())[:_IMAGES_PER_CLASS]:
            shutil.copy(path, folder / source.name)
    return folder


def _trained(images: Path, *arguments: str | Path) -> _Run:
    events = [
        json.loads(line) for line in fieldguide("train", "--json", images, *arguments).splitlines()
    ]
    last = events[-1]
    folder = Path(last["run_dir"])
    (cached,) = (e["cached_features"] for e in events if e["event"] == "dataset_split")
    rates = [
        event["rate"]
        for event in events
        if event["event"] == "phase_progressed" and event["phase"] == "extracting_features"
    ]
    history = _history(folder)
    tuned = [line["seconds"] for line in history if line["is_fine_tuning"]]
    return _Run(
        folder,
        last["test_accuracy"],
        last["best_epoch"],
        statistics.median(tuned or [line["seconds"] for line in history]),
        0.0 if cached else rates[-1],
    )


def _history(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "history.jsonl").read_text(encoding="ascii").splitlines()
    return [json.loads(line) for line in lines]


def _draw(name: str, grey: _Run, colored: _Run) -> None:
    """The plots of the window's Train page with two runs in them."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from gui.train.training_history import TrainingHistory
    from gui.train.training_plot import TrainingPlot

    application = QApplication.instance() or QApplication([])
    plot = TrainingPlot()
    plot.resize(*_CURVE_SIZE)
    earlier = TrainingHistory()
    earlier.load(_history(grey.folder))
    plot.add_earlier_run(earlier)
    plot.load_history(_history(colored.folder))
    plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    plot.show()
    plot.fit()
    for _ in range(20):
        application.processEvents()
        application.thread().msleep(20)
    _CURVES.mkdir(exist_ok=True)
    plot.save_image(_CURVES / f"{name}.png")
    plot.close()


def _replace(name: str, lines: list[str]) -> None:
    """Put a table between its marks in the page."""
    text = _PAGE.read_text(encoding="utf-8")
    marks = f"<!-- {name} -->", f"<!-- end of {name} -->"
    pattern = re.compile(f"{re.escape(marks[0])}.*?{re.escape(marks[1])}", re.DOTALL)
    content = "\n".join([marks[0], *lines, marks[1]])
    text, count = pattern.subn(lambda _: content, text)
    assert count == 1, f"{_PAGE} has no place for {name}"
    _PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
