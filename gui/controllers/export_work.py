"""One export at a time, in a worker process."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from core.worker.events import Event, RequestFailed
from core.worker.process import WorkerProcess
from core.worker.requests import ExportRequest
from gui.worker_thread import WorkerThread

_KILL_AFTER_MS = 20_000


class ExportWork(QObject):
    """Runs a request and passes its events on; holds no texts.

    Args:
        make_process: Makes worker processes; tests give others.

    Signals:
        event_received: An `Event`; after a stop only what is finished or terminal.
        ended: After the terminal one: the process has gone.
    """

    event_received = Signal(object)
    ended = Signal()

    def __init__(
        self, make_process: Callable[[], WorkerProcess], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_process = make_process
        self._thread: WorkerThread | None = None
        self._is_stopping = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.kill)

    @property
    def is_busy(self) -> bool:
        """Whether an export is under way."""
        return self._thread is not None

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to end; how it ends then is no failure."""
        return self._is_stopping

    def begin(self, request: ExportRequest) -> None:
        """Carry out a request; there must be none yet."""
        assert not self.is_busy
        self._is_stopping = False
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
        # A process that was killed, or ended by the stop, is told as failed.
        if not (self._is_stopping and isinstance(event, RequestFailed)):
            self.event_received.emit(event)

    def _on_thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        self._patience.stop()
        if thread is not None:
            thread.deleteLater()
        self.ended.emit()
