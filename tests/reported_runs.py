"""Runs to report on, made in no time: real images and predictions, and a model without weights."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from core.data.dataset import Split
from core.messages.events import TrainingFinished
from core.models.model_info import LITERT_FILE, MODEL_FILE, SplitResult
from core.runs.run_end import write_end
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, read_run_images, write_run_images
from core.runs.run_predictions import read_run_predictions
from core.runs.run_results import load_run_results
from core.settings.config import TrainConfig
from core.storage.atomic_file import write_bytes_atomically, write_json_atomically
from tests.models import model_info
from tests.run_folders import make_run

LABELS = ("daisy", "rose", "tulip")
MATRICES = {
    Split.TEST: np.array([[9, 1, 0], [3, 6, 1], [0, 0, 8]]),
    Split.VALIDATION: np.array([[8, 0, 0], [0, 7, 1], [0, 0, 8]]),
}


def finished_run(
    folder: Path,
    labels: tuple[str, ...] = LABELS,
    matrices: dict[Split, np.ndarray] | None = None,
    config: TrainConfig | None = None,
    training_counts: Sequence[int] = (4, 3, 2),
) -> Path:
    """A run with a model's description, as a whole training leaves it."""
    run = RunFolder(make_run(folder, labels, matrices or MATRICES, config, training_counts))
    _record_images(run, labels)
    results = load_run_results(run.path)
    measured = {split: SplitResult.of(each.evaluation) for split, each in results.splits.items()}
    info = replace(
        model_info(),
        name=run.path.name,
        labels=labels,
        validation=measured.get(Split.VALIDATION) or measured[Split.TEST],
        test=measured.get(Split.TEST),
        config=(config or TrainConfig()).to_json_dict(),
        training_counts=tuple(training_counts) or (0,) * len(labels),
        unknown_threshold=0.4,
    )
    write_json_atomically(run.model_dir / MODEL_FILE, info.to_json_dict())
    write_bytes_atomically(run.model_dir / LITERT_FILE, b"weights")
    write_end(
        run, TrainingFinished(run.path, run.model_dir, 0.9, 0.8, (0.6, 0.9), 3, 2, 75.0, None)
    )
    return run.path


def _record_images(run: RunFolder, labels: tuple[str, ...]) -> None:
    """Give the training images files, and add those of the other splits to the record."""
    images: list[RunImage] = []
    if run.images_path.exists():
        images = read_run_images(run.images_path)[1]
    for number, image in enumerate(images):
        color = (40 + 60 * image.class_index % 200, 90, number % 250)
        Image.new("RGB", (32, 24), color).save(image.path)
    _, predictions = read_run_predictions(run.path)
    images += [RunImage(each.path, each.class_index, each.split, b"") for each in predictions]
    hashed = [
        replace(image, sha256=hashlib.sha256(image.path.read_bytes()).digest()) for image in images
    ]
    write_run_images(run.images_path, labels, hashed)
