"""State of the image check: the controller changes it, the Images page shows it."""

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from core.data.dataset import Finding


class CheckStage(Enum):
    """How far the image check is."""

    NOTHING = auto()
    RUNNING = auto()
    INTERRUPTED = auto()
    DONE = auto()


class CheckState(QObject):
    """The current check or the last one; knows neither widgets nor processes.

    Attributes:
        stage: `NOTHING` without images.
        text: What is being done, as a text to show.
        done: Units that are done.
        total: Units of the whole; None if unknown.
        findings: Findings of the last finished check and its scan.

    Signals:
        changed: Any attribute changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stage = CheckStage.NOTHING
        self.text = ""
        self.done = 0
        self.total: int | None = None
        self.findings: tuple[Finding, ...] = ()

    @property
    def sample_bits(self) -> int | None:
        """How many bits the check assumes for the set; see `Decoding`."""
        found = (each.sample_bits for each in self.findings)
        return next((bits for bits in found if bits is not None), None)

    def clear(self) -> None:
        """Reset, for no images."""
        self.findings = ()
        self._enter(CheckStage.NOTHING)

    def set_progress(self, text: str, done: int, total: int | None) -> None:
        """Set the progress of the check."""
        self.text, self.done, self.total = text, done, total
        self._enter(CheckStage.RUNNING)

    def set_interrupted(self) -> None:
        """Mark the check as interrupted; earlier findings stay."""
        self._enter(CheckStage.INTERRUPTED)

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Set the findings of a finished check."""
        self.findings = tuple(findings)
        self._enter(CheckStage.DONE)

    def _enter(self, stage: CheckStage) -> None:
        self.stage = stage
        self.changed.emit()
