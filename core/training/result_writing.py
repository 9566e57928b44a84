"""The end of a run: the best weights are measured, calibrated and saved."""

import numpy as np
from numpy.typing import NDArray

from core.config import TrainConfig
from core.data.dataset import Split
from core.errors import StorageError
from core.evaluation.calibration import fit_temperature
from core.evaluation.metrics import wilson_interval
from core.models.model_info import SplitResult
from core.runs.last_model import remember_last_model
from core.runs.run_folder import RunFolder
from core.runs.run_predictions import (
    predictions_of,
    unknown_threshold_of,
    write_run_predictions,
)
from core.training.model_writing import write_model
from core.training.run_data import RunData
from core.training.trained_classifier import TrainedClassifier
from core.worker.events import Phase, Warned
from core.worker.reporter import Reporter


def write_result(
    folder: RunFolder,
    config: TrainConfig,
    data: RunData,
    trained: TrainedClassifier,
    reporter: Reporter,
) -> tuple[SplitResult, SplitResult | None]:
    """Measure the classifier on what it hasn't learned from, and write the model folder.

    Returns:
        Results on validation and test split; None for the latter if it is empty.

    Raises:
        StorageError: If something can't be written; an earlier model stays.
    """
    reporter.start_phase(Phase.EVALUATING)
    classes = {split: data.splits[split].classes() for split in trained.logits}
    temperature = fit_temperature(trained.logits[Split.VALIDATION], classes[Split.VALIDATION])
    validation = _result(trained.logits[Split.VALIDATION], classes[Split.VALIDATION])
    test = None
    if len(classes[Split.TEST]):
        test = _result(trained.logits[Split.TEST], classes[Split.TEST])
    reporter.start_phase(Phase.SAVING)
    predictions = []
    for split, logits in trained.logits.items():
        images = [data.images[row] for row in data.splits[split].rows]
        predictions += predictions_of(images, logits, temperature)
    write_run_predictions(folder.path, data.labels, predictions)
    write_model(
        folder,
        config,
        data,
        trained,
        temperature=temperature,
        validation=validation,
        test=test,
        unknown_threshold=unknown_threshold_of(predictions),
    )
    try:
        remember_last_model(folder.model_dir)
    except StorageError as error:
        # The model is there all the same.
        reporter.send(Warned(str(error)))
    return validation, test


def _result(logits: NDArray[np.float32], classes: NDArray[np.int64]) -> SplitResult:
    correct = int((logits.argmax(axis=1) == classes).sum())
    return SplitResult(
        num_images=len(classes),
        accuracy=correct / len(classes),
        interval=wilson_interval(correct, len(classes)),
    )
