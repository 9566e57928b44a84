"""One download or import at a time, in a worker process."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from core.worker.events import (
    BackboneImported,
    Event,
    PhaseProgressed,
    PhaseStarted,
    RequestCancelled,
    RequestFailed,
)
from core.worker.process import WorkerProcess
from core.worker.requests import DownloadBackboneRequest, ImportBackboneRequest
from gui.worker_thread import WorkerThread

_KILL_AFTER_MS = 5_000

WorkRequest = DownloadBackboneRequest | ImportBackboneRequest


class BackboneWork(QObject):
    """Runs a request and says how it goes; holds no texts.

    Args:
        make_process: Makes worker processes; tests give others.

    Signals:
        progressed: A `PhaseStarted` or `PhaseProgressed`; none once it is to end.
        succeeded: The name of the backbone that is here now.
        failed: A message fit to show, and details (may be empty).
        cancelled: It ended on request.
        ended: After one of these: the process has gone.
    """

    progressed = Signal(object)
    succeeded = Signal(str)
    failed = Signal(str, str)
    cancelled = Signal()
    ended = Signal()

    def __init__(
        self, make_process: Callable[[], WorkerProcess], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_process = make_process
        self._thread: WorkerThread | None = None
        self._outcome: Event | None = None
        self._is_stopping = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.kill)

    @property
    def is_busy(self) -> bool:
        """Whether a request is being carried out."""
        return self._thread is not None

    def begin(self, request: WorkRequest) -> None:
        """Carry out a request; there must be none yet."""
        assert not self.is_busy
        self._outcome, self._is_stopping = None, False
        thread = WorkerThread(self._make_process(), request, self)
        thread.event_received.connect(self._on_event)
        thread.finished.connect(self._on_thread_finished)
        self._thread = thread
        thread.start()

    def cancel(self) -> None:
        """Have it end soon; a process that doesn't listen is killed after a while."""
        if self._thread is not None and not self._is_stopping:
            self._is_stopping = True
            self._thread.request_stop()
            self._patience.start(_KILL_AFTER_MS)

    def kill(self) -> None:
        """End it at once."""
        if self._thread is not None:
            self._is_stopping = True
            self._thread.kill()

    def _on_event(self, event: Event) -> None:
        match event:
            case PhaseStarted() | PhaseProgressed():
                if not self._is_stopping:
                    self.progressed.emit(event)
            case BackboneImported() | RequestFailed() | RequestCancelled():
                self._outcome = event

    def _on_thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        self._patience.stop()
        if thread is not None:
            thread.deleteLater()
        match self._outcome:
            case BackboneImported(info):  # it may have been done before the stop was heard
                self.succeeded.emit(info.name)
            case RequestFailed(message, details) if not self._is_stopping:
                self.failed.emit(message, details)
            case _:
                self.cancelled.emit()
        self.ended.emit()
