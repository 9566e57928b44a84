"""How a finished run ended, to be told again."""

from typing import Any

from core.errors import RunError
from core.evaluation.measured_figures import MeasuredFigures
from core.messages.events import TrainingFinished
from core.models.model_info import read_model_info
from core.runs.run_folder import RunFolder
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
    """The last event of a finished run.

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
    """Figures that models of earlier versions don't hold; None if the run has lost them too."""
    try:
        results = load_run_results(folder.path)
    except RunError:
        return None
    return results.figures(results.best_split)
