"""Measures on request how fast a backbone is on this computer."""

from PySide6.QtCore import QObject, Signal

from core.config import TrainConfig
from core.worker.events import Event, PhaseStarted, RequestFailed, SpeedMeasured
from core.worker.requests import MeasureSpeedRequest
from gui.run_texts import phase_text
from gui.spare_worker import SpareWorker
from gui.worker_thread import WorkerThread


class SpeedController(QObject):
    """One measurement at a time, in a worker of its own.

    Args:
        spare: Where workers come from.

    Signals:
        measured: A `SpeedMeasured`; it is recorded.
        failed: A message fit to show, and details (may be empty).
        status_changed: What it does, "" for nothing.
        busy_changed: Whether a measurement is under way.
    """

    measured = Signal(object)
    failed = Signal(str, str)
    status_changed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spare = spare
        self._thread: WorkerThread | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a measurement is under way."""
        return self._thread is not None

    def measure(self, config: TrainConfig) -> None:
        """Begin, unless a measurement is under way."""
        if self._thread is not None:
            return
        thread = WorkerThread(self._spare.take(), MeasureSpeedRequest(config=config), self)
        thread.event_received.connect(self._on_event)
        thread.finished.connect(self._on_thread_finished)
        self._thread = thread
        thread.start()
        self.busy_changed.emit(True)

    def stop(self) -> None:
        """Have it end soon without a result."""
        if self._thread is not None:
            self._thread.request_stop()

    def kill(self) -> None:
        """End it at once."""
        if self._thread is not None:
            self._thread.kill()

    def _on_event(self, event: Event) -> None:
        match event:
            case PhaseStarted(phase):
                self.status_changed.emit(phase_text(phase))
            case SpeedMeasured():
                self.measured.emit(event)
            case RequestFailed(message, details):
                self.failed.emit(message, details)

    def _on_thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.deleteLater()
        self.status_changed.emit("")
        self.busy_changed.emit(False)
