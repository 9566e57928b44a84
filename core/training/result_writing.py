"""The end of a run: the best weights are measured, calibrated and saved."""

from core.data.dataset import Split
from core.errors import StorageError
from core.evaluation.calibration import fit_temperature
from core.messages.events import Phase, Warned
from core.messages.reporter import Reporter
from core.runs.last_model import remember_last_model
from core.runs.run_folder import RunFolder
from core.runs.run_images import count_training_images
from core.runs.run_predictions import (
    predictions_of,
    unknown_threshold_of,
    write_run_predictions,
)
from core.runs.run_results import RunResults, split_results
from core.settings.config import TrainConfig
from core.training.head_stage import TrainedClassifier
from core.training.model_writing import write_model
from core.training.run_data import RunData


def write_result(
    folder: RunFolder,
    config: TrainConfig,
    data: RunData,
    trained: TrainedClassifier,
    reporter: Reporter,
) -> RunResults:
    """Measure the classifier on what it hasn't learned from, and write the model folder.

    Returns:
        Results on the validation split, and on the test split unless it is empty.

    Raises:
        StorageError: If something can't be written; an earlier model stays.
    """
    reporter.start_phase(Phase.EVALUATING)
    temperature = fit_temperature(
        trained.logits[Split.VALIDATION], data.splits[Split.VALIDATION].classes()
    )
    predictions = []
    for split, logits in trained.logits.items():
        images = [data.images[row] for row in data.splits[split].rows]
        predictions += predictions_of(images, logits, temperature)
    results = RunResults(
        folder.path,
        data.labels,
        config,
        split_results(predictions, len(data.labels)),
        count_training_images(data.images, len(data.labels)),
    )
    reporter.start_phase(Phase.SAVING)
    write_run_predictions(folder.path, data.labels, predictions)
    write_model(
        folder,
        config,
        data,
        trained,
        results,
        temperature=temperature,
        unknown_threshold=unknown_threshold_of(predictions),
    )
    try:
        remember_last_model(folder.model_dir)
    except StorageError as error:
        # The model is there all the same.
        reporter.send(Warned(str(error)))
    return results
