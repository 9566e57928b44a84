"""Requests to worker processes, one at a time."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from core.messages.requests import Request
from core.worker.process import WorkerProcess
from gui.work.worker_thread import WorkerThread

KILL_AFTER_MS = 5_000
"""How long after `cancel` a process may take, unless said otherwise."""


class WorkerTask(QObject):
    """Begins a request in a process of its own and ends it; knows nothing of what it does.

    Args:
        make_process: Makes worker processes, started already or not.
        kill_after_ms: How long after `cancel` a process may still take; None as above.

    Signals:
        event_received: An `Event`, the terminal one last.
        ended: After that one: the process has gone, and another request can begin.
    """

    event_received = Signal(object)
    ended = Signal()

    def __init__(
        self,
        make_process: Callable[[], WorkerProcess],
        parent: QObject | None = None,
        *,
        kill_after_ms: int | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_process = make_process
        self._thread: WorkerThread | None = None
        self._is_stopping = False
        self._patience = QTimer(self, singleShot=True)
        self._patience.setInterval(KILL_AFTER_MS if kill_after_ms is None else kill_after_ms)
        self._patience.timeout.connect(self.kill)

    @property
    def is_busy(self) -> bool:
        """Whether a request is being carried out."""
        return self._thread is not None

    @property
    def is_stopping(self) -> bool:
        """Whether it was cancelled or killed; how it ends then is no failure."""
        return self._is_stopping

    def begin(self, request: Request) -> None:
        """Carry out a request; there must be none yet."""
        assert not self.is_busy
        self._is_stopping = False
        thread = WorkerThread(self._make_process(), request, self)
        thread.event_received.connect(self.event_received)
        thread.finished.connect(self._on_thread_finished)
        self._thread = thread
        thread.start()

    def stop(self) -> None:
        """Ask it to end with what it has so far, however long that takes."""
        if self._thread is not None:
            self._thread.request_stop()

    def pause(self) -> None:
        """Have it hold still."""
        if self._thread is not None:
            self._thread.request_pause()

    def resume(self) -> None:
        """Let it go on."""
        if self._thread is not None:
            self._thread.request_resume()

    def cancel(self) -> None:
        """Have it end soon; a process that doesn't listen is killed after a while."""
        if self._thread is not None and not self._is_stopping:
            self._is_stopping = True
            self._thread.request_stop()
            self._patience.start()

    def kill(self) -> None:
        """End it at once."""
        if self._thread is not None:
            self._is_stopping = True
            self._thread.kill()

    def _on_thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        self._patience.stop()
        if thread is not None:
            thread.deleteLater()
        self.ended.emit()
