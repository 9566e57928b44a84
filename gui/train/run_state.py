"""State of a run: controllers change it, the Train page listens and shows it."""

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal


class Stage(Enum):
    """What a run is at, for the buttons that steer it."""

    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()
    STOPPING = auto()


class RunState(QObject):
    """The run under way or the last one; knows neither widgets nor processes.

    Attributes:
        stage: `IDLE` without a run.
        can_start: Whether a new run can begin once there is none.
        can_resume: Whether the last run can be resumed.
        phase: What the run is doing, fit to show.
        done: How much of the phase is done.
        total: Of how much; None where its end isn't known.
        rate: How fast that goes, fit to show.
        values: The latest figures, fit to show.
        result: What came of the run, fit to show; "" while it goes on.

    Signals:
        stage_changed: Another `Stage`.
        options_changed: `can_start` or `can_resume`.
        progress_changed: `phase`, `done`, `total` or `rate`.
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
        self.can_start = self.can_resume = False
        self.phase = self.rate = self.values = self.result = ""
        self.done = 0
        self.total: int | None = 1

    @property
    def is_idle(self) -> bool:
        """Whether no run is under way."""
        return self.stage is Stage.IDLE

    def set_stage(self, stage: Stage) -> None:
        """Enter a stage; a run that was asked to stop is neither paused nor resumed."""
        is_over = self.stage is Stage.STOPPING and stage is not Stage.IDLE
        if stage is not self.stage and not is_over:
            self.stage = stage
            self.stage_changed.emit(stage)

    def set_options(self, *, can_start: bool, can_resume: bool) -> None:
        """Say what can be begun."""
        self.can_start, self.can_resume = can_start, can_resume
        self.options_changed.emit()

    def set_progress(self, phase: str, done: int, total: int | None, rate: str = "") -> None:
        """Say how far the run is."""
        self.phase, self.done, self.total, self.rate = phase, done, total, rate
        self.progress_changed.emit()

    def set_values(self, text: str) -> None:
        """Say the latest figures."""
        self.values = text
        self.values_changed.emit(text)

    def set_result(self, text: str) -> None:
        """Say what came of the run."""
        self.result = text
        self.result_changed.emit(text)

    def clear(self) -> None:
        """Tell of no run."""
        self.set_progress("", 0, 1)
        self.set_values("")
        self.set_result("")
