"""Reads a run from earlier: its curves, and whether it can go on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.runs.run_end import can_be_resumed
from core.runs.run_folder import RunFolder
from gui.work.background import Task, TaskContext


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What there is to see of a run.

    Attributes:
        history: A line an epoch.
        can_resume: Whether it was stopped or died before its end.
    """

    history: list[dict[str, Any]]
    can_resume: bool


class LastRun(QObject):
    """Reads one run at a time, in the background; what is asked for last is told.

    Signals:
        was_read: An `EarlierRun`.
    """

    was_read = Signal(EarlierRun)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = None

    def read(self, run_dir: Path | None) -> None:
        """Begin to read a run's folder; None forgets the one that is being read."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if run_dir is None:
            return

        def read(_context: TaskContext) -> EarlierRun:
            folder = RunFolder(run_dir)
            return EarlierRun(folder.read_history(), can_be_resumed(folder))

        self._task = Task(read, self)
        self._task.succeeded.connect(self.was_read)
        self._task.start()
