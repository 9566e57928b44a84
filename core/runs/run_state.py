"""Whether a run came to its end, told from its folder."""

from core.errors import RunError
from core.models.model_info import MODEL_FILE
from core.runs.run_folder import RunFolder


def can_be_resumed(folder: RunFolder) -> bool:
    """Whether a run has pictures, and epochs or a model are missing.

    A run that was stopped has a model, and may have epochs left.
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
    epochs = len(history)
    best = max((line["epoch"] for line in history if line.get("is_best")), default=0)
    patience = config.early_stopping_patience
    stopped_early = patience > 0 and epochs - best >= patience
    return epochs < config.epochs and not stopped_early
