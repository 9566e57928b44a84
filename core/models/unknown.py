"""The threshold below which a model's answers are not believed, of older models too."""

from pathlib import Path

from core.errors import RunError
from core.models.model_info import ModelInfo
from core.runs.run_predictions import PREDICTIONS_FILE, read_run_predictions, unknown_threshold_of


def unknown_threshold(folder: Path, info: ModelInfo) -> float:
    """Probability below which a picture is unknown; 0 if none was learned.

    Models of versions before there was one get it from the predictions of their run, if they
    still lie in its folder.

    Args:
        folder: The model folder.
        info: Its facts.
    """
    run_dir = folder.parent
    if info.unknown_threshold or not (run_dir / PREDICTIONS_FILE).is_file():
        return info.unknown_threshold
    try:
        labels, predictions = read_run_predictions(run_dir)
    except RunError:
        return 0.0
    return unknown_threshold_of(predictions) if labels == info.labels else 0.0
