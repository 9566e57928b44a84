"""How far the experiment is that is being carried out."""

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Signal


class Stage(Enum):
    """What can be done with the experiment."""

    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()
    STOPPING = auto()


class ExperimentProgress(QObject):
    """Is changed by the controller and shown by the page.

    Attributes:
        folder: Of the experiment that is being carried out, or was last; None before any.
        done: Runs that are over.
        total: All runs.
        activity: What the current run is doing.
        left: How long the rest will take; "" while that isn't known.

    Signals:
        changed: Anything.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage = Stage.IDLE
        self.folder: Path | None = None
        self.done = self.total = 0
        self.activity = self.left = ""

    @property
    def is_running(self) -> bool:
        """Whether an experiment is being carried out, paused or not."""
        return self.stage is not Stage.IDLE

    def begin(self, folder: Path, done: int, total: int) -> None:
        """Begin with an experiment."""
        self.stage, self.folder, self.done, self.total = Stage.RUNNING, folder, done, total
        self.activity = self.left = ""
        self.changed.emit()

    def set_stage(self, stage: Stage) -> None:
        """Change what can be done."""
        self.stage = stage
        self.changed.emit()

    def set_activity(self, activity: str) -> None:
        """Say what the current run is doing."""
        if activity != self.activity:
            self.activity = activity
            self.changed.emit()

    def set_done(self, done: int, total: int, left: str) -> None:
        """Count the runs that are over."""
        self.done, self.total, self.left = done, total, left
        self.changed.emit()
