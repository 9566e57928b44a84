"""Reads an earlier run: its curves, and whether it can be resumed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.models.model_info import MODEL_FILE
from core.runs.run_end import can_be_resumed
from core.runs.run_folder import RunFolder
from gui.work.background import Task, TaskContext


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What is shown of an earlier run.

    Attributes:
        history: A line per epoch.
        can_resume: Whether it was stopped or crashed before its end.
        has_model: Whether it has a model.
    """

    history: list[dict[str, Any]]
    can_resume: bool
    has_model: bool


class LastRun(QObject):
    """Read one run at a time, in the background; only the latest request is answered.

    Signals:
        was_read: An `EarlierRun`.
    """

    was_read = Signal(EarlierRun)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None

    def read(self, run_dir: Path | None) -> None:
        """Start reading a run's folder; None cancels the current read."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if run_dir is None:
            return

        def read(_context: TaskContext) -> EarlierRun:
            folder = RunFolder(run_dir)
            has_model = (folder.model_dir / MODEL_FILE).is_file()
            return EarlierRun(folder.read_history(), can_be_resumed(folder), has_model)

        self._task = Task(read, self)
        self._task.succeeded.connect(self.was_read)
        self._task.start()
