"""One run at a time, in a worker process."""

from PySide6.QtCore import QObject, Signal

from core.worker.events import Event, RunPaused, RunResumed
from core.worker.requests import ResumeRequest, TrainRequest
from gui.spare_worker import SpareWorker
from gui.worker_thread import WorkerThread


class RunWork(QObject):
    """Begins a run, steers it and ends it; shows nothing.

    Args:
        spare: Where workers come from.

    Signals:
        event_received: An `Event` of the run.
        ended: After the last one: the process has gone.
    """

    event_received = Signal(object)
    ended = Signal()

    def __init__(self, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spare = spare
        self._thread: WorkerThread | None = None
        self._is_paused = False

    @property
    def is_busy(self) -> bool:
        """Whether a run is under way."""
        return self._thread is not None

    def begin(self, request: TrainRequest | ResumeRequest) -> None:
        """Carry out a request; there must be none yet."""
        assert not self.is_busy
        self._is_paused = False
        thread = WorkerThread(self._spare.take(), request, self)
        thread.event_received.connect(self._on_event)
        thread.finished.connect(self._on_thread_finished)
        self._thread = thread
        thread.start()

    def stop(self) -> None:
        """Ask the run to stop and keep its best weights."""
        if self._thread is not None:
            self._thread.request_stop()

    def toggle_pause(self) -> None:
        """Hold the run still, or let it go on."""
        if self._thread is None:
            return
        if self._is_paused:
            self._thread.request_resume()
        else:
            self._thread.request_pause()

    def kill(self) -> None:
        """End the run at once; it can be resumed from its last checkpoint."""
        if self._thread is not None:
            self._thread.kill()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RunPaused | RunResumed):
            self._is_paused = isinstance(event, RunPaused)
        self.event_received.emit(event)

    def _on_thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.deleteLater()
        self.ended.emit()
