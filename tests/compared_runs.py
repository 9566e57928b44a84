"""Run folders with given answers, to compare."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from core.data.dataset import ImageSource, Split
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, write_run_images
from core.runs.run_predictions import RunPrediction, write_run_predictions
from core.settings.config import TrainConfig

LABELS = ("cat", "dog", "owl")


def make_compared_run(
    path: Path,
    answers: Mapping[str, tuple[str, str]],
    *,
    trained_on: Mapping[str, str] | None = None,
    validated_on: Mapping[str, str] | None = None,
    labels: tuple[str, ...] = LABELS,
    config: TrainConfig | None = None,
    has_record: bool = True,
    folder: str = "/data",
) -> Path:
    """A run's folder.

    Args:
        answers: Actual and predicted class of each test image, by its name, which is its content.
        trained_on: Class of each training image.
        validated_on: Class of each validation image.
        has_record: Whether the contents of images are known.
        folder: Where the images lie.
    """
    run = RunFolder.create(path, config or TrainConfig(), [ImageSource(Path(folder))])
    splits = {
        Split.TRAINING: trained_on or {},
        Split.VALIDATION: validated_on or {},
        Split.TEST: {name: actual for name, (actual, _) in answers.items()},
    }
    images = [
        RunImage(
            Path(folder, name), labels.index(label), split, hashlib.sha256(name.encode()).digest()
        )
        for split, classes in splits.items()
        for name, label in classes.items()
    ]
    if has_record:
        write_run_images(run.images_path, labels, images)
    predictions = []
    for image in images:
        if image.split is not Split.TRAINING:
            _, named = answers.get(image.path.name, ("", labels[image.class_index]))
            predictions.append(
                RunPrediction(
                    image.path, image.class_index, image.split, ((labels.index(named), 0.75),)
                )
            )
    write_run_predictions(run.path, labels, predictions)
    return run.path
