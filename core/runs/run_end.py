"""Whether a run has ended, and how."""

from collections.abc import Sequence
from typing import Any

from core.errors import ModelError, RunError
from core.evaluation.measured_figures import MeasuredFigures
from core.messages.events import TrainingFinished
from core.models.model_info import MODEL_FILE, read_model_info
from core.runs.run_folder import EXACT_PREFIX, RunFolder
from core.runs.run_results import load_run_results
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json

_END_FILE = "finished.json"
_SCHEMA = 1


def write_end(folder: RunFolder, event: TrainingFinished) -> None:
    """Record what the run's other files don't tell.

    Raises:
        StorageError: If it can't be written.
    """
    content = {
        "schema": _SCHEMA,
        "epochs": event.epochs,
        "best_epoch": event.best_epoch,
        "seconds": event.seconds,
    }
    write_json_atomically(folder.path / _END_FILE, content)


def read_end(folder: RunFolder) -> TrainingFinished:
    """Return the last event of a finished run.

    Of runs of earlier versions, `seconds` is the sum of their epochs.

    Raises:
        ModelError: If the model's description can't be read.
    """
    info = read_model_info(folder.model_dir)
    end = _recorded(folder) or _from_history(folder.read_history())
    return TrainingFinished(
        run_dir=folder.path,
        model_dir=folder.model_dir,
        val_accuracy=info.validation.accuracy,
        test_accuracy=info.test.accuracy if info.test else None,
        test_interval=info.test.interval if info.test else None,
        **end,
        figures=info.figures() or _figures_of_predictions(folder),
    )


def can_be_resumed(folder: RunFolder) -> bool:
    """Return whether a run has images, and epochs or a model are missing.

    A run that was stopped, or that fine-tunes, has a model and may have epochs left.
    """
    if not folder.images_path.exists():
        return False
    try:
        config, _ = folder.read_config()
    except RunError:
        return False
    if not (folder.model_dir / MODEL_FILE).exists():
        return True
    history = folder.read_history()
    if 0 < _epochs_of_model(folder) < len(history):
        return True  # it ended before the last model was written
    head = [line for line in history if not line.get("is_fine_tuning")]
    tuned = [line for line in history if line.get("is_fine_tuning")]
    patience = config.early_stopping_patience
    if config.is_exact:
        if not tuned and not any(folder.checkpoint_dir.glob(f"{EXACT_PREFIX}-*.npz")):
            return True
    elif not tuned and _has_epochs_left(head, 0, config.epochs, patience):
        return True
    return config.fine_tune and _has_epochs_left(
        tuned, len(head), config.fine_tune_epochs, patience
    )


def _recorded(folder: RunFolder) -> dict[str, Any] | None:
    try:
        content = read_json(folder.path / _END_FILE)
        if content["schema"] != _SCHEMA:
            return None
        return {
            "epochs": int(content["epochs"]),
            "best_epoch": int(content["best_epoch"]),
            "seconds": float(content["seconds"]),
        }
    except (OSError, ValueError, TypeError, KeyError, OverflowError):
        return None


def _from_history(history: list[dict[str, Any]]) -> dict[str, Any]:
    best = [line["epoch"] for line in history if line.get("is_best")]
    return {
        "epochs": len(history),
        "best_epoch": best[-1] if best else len(history),
        "seconds": sum(float(line.get("seconds", 0)) for line in history),
    }


def _figures_of_predictions(folder: RunFolder) -> MeasuredFigures | None:
    """Compute figures that models of earlier versions lack; None if the run lost them too."""
    try:
        results = load_run_results(folder.path)
    except RunError:
        return None
    return results.figures(results.best_split)


def _epochs_of_model(folder: RunFolder) -> int:
    try:
        return read_model_info(folder.model_dir).num_epochs
    except ModelError:
        return 0


def _has_epochs_left(
    lines: Sequence[dict[str, Any]], before: int, num_epochs: int, patience: int
) -> bool:
    """Return whether a stage has epochs left and patience didn't run out.

    Args:
        lines: The stage's part of the history.
        before: Epochs of earlier stages, from which its epochs count on.
    """
    best = max((line["epoch"] for line in lines if line.get("is_best")), default=before)
    stopped_early = patience > 0 and before + len(lines) - best >= patience
    return len(lines) < num_epochs and not stopped_early
