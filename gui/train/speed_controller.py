"""Measures the speed of a backbone on this computer on request."""

from PySide6.QtCore import QObject, Signal

from core.backbones.refusal import Refusal
from core.messages.events import Event, PhaseStarted, RequestFailed, SpeedMeasured
from core.messages.requests import MeasureSpeedRequest
from core.settings.config import TrainConfig
from gui.look.language import shown
from gui.look.phase_texts import phase_text
from gui.work.spare_worker import SpareWorker
from gui.work.worker_task import WorkerTask


class SpeedController(QObject):
    """Run one measurement at a time, in a worker of its own.

    Args:
        spare: Provides workers.

    Signals:
        measured: A `SpeedMeasured`; it is recorded.
        failed: A message to show, and details (may be empty).
        refused: The `Refusal` of a backbone that may do more than compute.
        status_changed: What is being done, "" for nothing.
        busy_changed: Whether a measurement is in progress.
    """

    measured = Signal(SpeedMeasured)
    failed = Signal(str, str)
    refused = Signal(Refusal)
    status_changed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refusal: Refusal | None = None
        self._work = WorkerTask(spare.take, self)
        self._work.event_received.connect(self._on_event)
        self._work.ended.connect(self._on_ended)

    @property
    def is_busy(self) -> bool:
        """Whether a measurement is in progress."""
        return self._work.is_busy

    def measure(self, config: TrainConfig) -> None:
        """Start, unless a measurement is in progress."""
        if self._work.is_busy:
            return
        self._work.begin(MeasureSpeedRequest(config=config))
        self.busy_changed.emit(True)

    def stop(self) -> None:
        """Ask it to end soon without a result."""
        self._work.stop()

    def kill(self) -> None:
        """End it at once."""
        self._work.kill()

    def _on_event(self, event: Event) -> None:
        match event:
            case PhaseStarted(phase):
                self.status_changed.emit(phase_text(phase))
            case SpeedMeasured():
                self.measured.emit(event)
            case RequestFailed(refusal=Refusal() as refusal):
                self._refusal = refusal
            case RequestFailed(message, details):
                self.failed.emit(shown(message), details)

    def _on_ended(self) -> None:
        self.status_changed.emit("")
        self.busy_changed.emit(False)
        refusal, self._refusal = self._refusal, None
        if refusal is not None:
            self.refused.emit(refusal)
