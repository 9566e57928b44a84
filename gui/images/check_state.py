"""State of the check of pictures: the controller changes it, the Images page listens."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from core.data.dataset import Finding


class CheckStage(Enum):
    """How far the check of the pictures shown is."""

    NOTHING = auto()
    RUNNING = auto()
    INTERRUPTED = auto()
    DONE = auto()


class CheckState(QObject):
    """The check under way or the last one; knows neither widgets nor processes.

    Attributes:
        stage: `NOTHING` without pictures.
        text: What is being done, fit to show.
        done: How much of it is done.
        total: Of how much; None where its end isn't known.
        findings: What the last check that was done found, its scan included.

    Signals:
        changed: Any of it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage = CheckStage.NOTHING
        self.text = ""
        self.done = 0
        self.total: int | None = None
        self.findings: tuple[Finding, ...] = ()

    def clear(self) -> None:
        """Tell of no pictures."""
        self.findings = ()
        self._enter(CheckStage.NOTHING)

    def set_progress(self, text: str, done: int, total: int | None) -> None:
        """Say how far the check is."""
        self.text, self.done, self.total = text, done, total
        self._enter(CheckStage.RUNNING)

    def set_interrupted(self) -> None:
        """Say that the check ended too early; earlier findings stay."""
        self._enter(CheckStage.INTERRUPTED)

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Say what the check found."""
        self.findings = tuple(findings)
        self._enter(CheckStage.DONE)

    def _enter(self, stage: CheckStage) -> None:
        self.stage = stage
        self.changed.emit()
