"""State of a run: controllers change it, the Train page shows it."""

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal


class Stage(Enum):
    """Where a run is, for the buttons that control it."""

    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()
    STOPPING = auto()


class RunState(QObject):
    """The current run or the last one; knows neither widgets nor processes.

    Attributes:
        stage: `IDLE` without a run.
        can_start: Whether a new run can start once none is in progress.
        can_resume: Whether the last run can be resumed.
        has_model: Whether the last run has a model.
        phase: What the run is doing, as a text to show.
        done: Units of the phase that are done.
        total: Units of the whole phase; None if unknown.
        rate: The speed, as a text to show.
        values: The latest metrics, as a text to show.
        result: The result, as a text to show; "" during the run.

    Signals:
        stage_changed: The new `Stage`.
        options_changed: `can_start`, `can_resume` or `has_model` changed.
        progress_changed: `phase`, `done`, `total` or `rate` changed.
        values_changed: The new `values`.
        result_changed: The new `result`.
    """

    stage_changed = Signal(Stage)
    options_changed = Signal()
    progress_changed = Signal()
    values_changed = Signal(str)
    result_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage = Stage.IDLE
        self.can_start = self.can_resume = self.has_model = False
        self.phase = self.rate = self.values = self.result = ""
        self.done = 0
        self.total: int | None = 1

    @property
    def is_idle(self) -> bool:
        """Whether no run is in progress."""
        return self.stage is Stage.IDLE

    def set_stage(self, stage: Stage) -> None:
        """Change the stage; a run that was asked to stop is neither paused nor resumed."""
        is_over = self.stage is Stage.STOPPING and stage is not Stage.IDLE
        if stage is not self.stage and not is_over:
            self.stage = stage
            self.stage_changed.emit(stage)

    def set_options(self, *, can_start: bool, can_resume: bool, has_model: bool = False) -> None:
        """Set which runs can be started, and whether there is a model to continue with."""
        self.can_start, self.can_resume, self.has_model = can_start, can_resume, has_model
        self.options_changed.emit()

    def set_progress(self, phase: str, done: int, total: int | None, rate: str = "") -> None:
        """Set the progress of the run."""
        self.phase, self.done, self.total, self.rate = phase, done, total, rate
        self.progress_changed.emit()

    def set_values(self, text: str) -> None:
        """Set the latest metrics."""
        self.values = text
        self.values_changed.emit(text)

    def set_result(self, text: str) -> None:
        """Set the result of the run."""
        self.result = text
        self.result_changed.emit(text)

    def clear(self) -> None:
        """Reset everything but the stage."""
        self.set_progress("", 0, 1)
        self.set_values("")
        self.set_result("")
