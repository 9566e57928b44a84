"""Whether a run came to its end, told from its folder."""

from collections.abc import Sequence
from typing import Any

from core.errors import ModelError, RunError
from core.models.model_info import MODEL_FILE, read_model_info
from core.runs.run_folder import RunFolder


def can_be_resumed(folder: RunFolder) -> bool:
    """Whether a run has pictures, and epochs or a model are missing.

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
    if not tuned and _has_epochs_left(head, 0, config.epochs, patience):
        return True
    return config.fine_tune and _has_epochs_left(
        tuned, len(head), config.fine_tune_epochs, patience
    )


def _epochs_of_model(folder: RunFolder) -> int:
    try:
        return read_model_info(folder.model_dir).num_epochs
    except ModelError:
        return 0


def _has_epochs_left(
    lines: Sequence[dict[str, Any]], before: int, num_epochs: int, patience: int
) -> bool:
    """Whether a stage has epochs left and patience didn't run out.

    Args:
        lines: The stage's part of the history.
        before: Epochs of earlier stages, from which its epochs count on.
    """
    best = max((line["epoch"] for line in lines if line.get("is_best")), default=before)
    stopped_early = patience > 0 and before + len(lines) - best >= patience
    return len(lines) < num_epochs and not stopped_early
