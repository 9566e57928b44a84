"""The facts about a run that a table of runs shows."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from core.choice import Choice
from core.errors import ModelError, RunError
from core.models.model_info import MODEL_FILE
from core.runs.run_end import can_be_resumed, read_end
from core.runs.run_folder import RunFolder
from core.runs.run_label import read_run_label
from core.settings.config import TrainConfig
from core.storage.folder_size import folder_bytes
from core.text import Text


class RunState(Choice):
    """How far a run is."""

    RUNNING = "running", Text("Training")
    FINISHED = "finished", Text("Finished")
    STOPPED = "stopped", Text("Stopped")
    INTERRUPTED = "interrupted", Text("Interrupted")
    FAILED = "failed", Text("Failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One run.

    Attributes:
        name: The user's, else that of the folder.
        note: The user's; "" without one.
        experiment: Name of the experiment that it is part of; "" for none.
        created: When it was begun; None if not known.
        config: Its settings.
        state: `STOPPED` runs have a model, `INTERRUPTED` and `FAILED` ones none.
        epochs: Epochs or iterations that were done.
        best_epoch: The one whose weights were kept; 0 if there is no model.
        seconds: Time of the whole run.
        val_accuracy: In [0, 1]; None without a model.
        test_accuracy: In [0, 1]; None without a test split.
        test_interval: Its 95% interval.
        balanced_accuracy: Mean recall of the classes, in [0, 1]; None if not known.
        model_bytes: Size of the model's folder.
        can_resume: Whether it can be resumed.
    """

    path: Path
    name: str
    note: str = ""
    experiment: str = ""
    created: datetime | None = None
    config: TrainConfig
    state: RunState
    epochs: int = 0
    best_epoch: int = 0
    seconds: float = 0.0
    val_accuracy: float | None = None
    test_accuracy: float | None = None
    test_interval: tuple[float, float] | None = None
    balanced_accuracy: float | None = None
    model_bytes: int = 0
    can_resume: bool = False

    @property
    def has_model(self) -> bool:
        """Whether it has a model to classify with."""
        return self.model_bytes > 0

    @property
    def model_dir(self) -> Path:
        """The folder of its model."""
        return RunFolder(self.path).model_dir


def summarize_run(run_dir: Path) -> RunSummary:
    """Read the facts about a run.

    Raises:
        RunError: If the folder holds no run, or its settings can't be read.
    """
    folder = RunFolder.open(run_dir)
    config, _ = folder.read_config()
    label = read_run_label(folder.path)
    can_resume = can_be_resumed(folder)
    summary = RunSummary(
        path=folder.path,
        name=label.name or folder.path.name,
        note=label.note,
        experiment=label.experiment,
        created=folder.read_created(),
        config=config,
        state=_state_without_model(folder, can_resume=can_resume),
        can_resume=can_resume,
    )
    if not (folder.model_dir / MODEL_FILE).is_file():
        history = folder.read_history()
        seconds = sum(float(line.get("seconds", 0)) for line in history)
        return replace(summary, epochs=len(history), seconds=seconds)
    return _with_model(summary, folder)


def _with_model(summary: RunSummary, folder: RunFolder) -> RunSummary:
    try:
        end = read_end(folder)
    except ModelError as error:
        raise RunError(Text("%1 can't be used: %2", str(folder.path), str(error))) from error
    state = summary.state
    if state is not RunState.RUNNING:
        state = RunState.STOPPED if summary.can_resume else RunState.FINISHED
    return replace(
        summary,
        state=state,
        epochs=end.epochs,
        best_epoch=end.best_epoch,
        seconds=end.seconds,
        val_accuracy=end.val_accuracy,
        test_accuracy=end.test_accuracy,
        test_interval=end.test_interval,
        balanced_accuracy=end.figures.balanced_accuracy if end.figures else None,
        model_bytes=folder_bytes(folder.model_dir),
    )


def _state_without_model(folder: RunFolder, *, can_resume: bool) -> RunState:
    if folder.is_locked():
        return RunState.RUNNING
    return RunState.INTERRUPTED if can_resume else RunState.FAILED
