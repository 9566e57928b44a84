"""Run folders as a training leaves them, made in no time and without TensorFlow."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from core.data.dataset import ImageSource, Split
from core.messages.events import EpochFinished
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, write_run_images
from core.runs.run_predictions import RunPrediction, write_run_predictions
from core.settings.config import TrainConfig

_NUM_EPOCHS = 3


def make_run(
    folder: Path,
    labels: tuple[str, ...],
    matrices: dict[Split, np.ndarray],
    config: TrainConfig | None = None,
    training_counts: Sequence[int] = (),
) -> Path:
    """A finished run with images whose predictions make the given confusion matrices.

    Args:
        training_counts: Training images of each class in its record; () leaves it without one.
    """
    run = RunFolder.create(folder / "run", config or TrainConfig(), [ImageSource(folder)])
    for epoch in range(1, _NUM_EPOCHS + 1):
        is_best = epoch != _NUM_EPOCHS
        run.append_epoch(EpochFinished(epoch, 9, 0.1, 0.2, 0.3, 0.4, 0.5, is_best, 0.6))
    predictions: list[RunPrediction] = []
    for split, matrix in matrices.items():
        for true, named in zip(*np.nonzero(matrix), strict=True):
            for _ in range(int(matrix[true, named])):
                path = _make_image(folder, labels, int(true), len(predictions))
                confidence = round(0.95 - 0.4 * (len(predictions) * 7 % 10) / 10, 6)
                top = ((int(named), confidence), (int(named == 0), round(1 - confidence, 6)))
                predictions.append(RunPrediction(path, int(true), split, top))
    write_run_predictions(run.path, labels, predictions)
    if training_counts:
        images = [
            RunImage(folder / f"{index}-{number}.png", index, Split.TRAINING, bytes(32))
            for index, count in enumerate(training_counts)
            for number in range(count)
        ]
        write_run_images(run.images_path, labels, images)
    return run.path


def _make_image(folder: Path, labels: tuple[str, ...], true: int, number: int) -> Path:
    path = folder / "pictures" / str(true) / f"{number:04}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    hue = round(255 * true / len(labels))
    Image.new("HSV", (24, 18), (hue, 130, 120 + number % 100)).convert("RGB").save(path)
    return path
