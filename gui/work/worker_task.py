"""Requests to worker processes, one at a time."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.messages.events import Event
from core.messages.requests import Request
from core.worker.process import WorkerProcess
from gui.work.worker_thread import WorkerThread

KILL_AFTER_MS = 5_000
"""Default time that a process may take to end after `cancel`."""


class WorkerTask(QObject):
    """Run a request in a process of its own; knows nothing of its content.

    Args:
        make_process: Makes worker processes, started already or not.
        kill_after_ms: Time that a process may take to end after `cancel`; None for the default.

    Signals:
        event_received: An `Event`, the terminal one last; none of a dropped request.
        ended: After the terminal event: the process has ended, and another request can start.
            Not emitted for a dropped request.
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
        self._current: _Execution | None = None
        self._dropped: set[_Execution] = set()
        self._is_stopping = False
        self._patience = QTimer(self, singleShot=True)
        self._patience.setInterval(KILL_AFTER_MS if kill_after_ms is None else kill_after_ms)
        self._patience.timeout.connect(self.kill)

    @property
    def is_busy(self) -> bool:
        """Whether a request is in progress."""
        return self._current is not None

    @property
    def is_stopping(self) -> bool:
        """Whether it was cancelled or killed; its end is then no failure."""
        return self._is_stopping

    def begin(self, request: Request) -> None:
        """Start a request; none may be in progress."""
        assert not self.is_busy
        self._is_stopping = False
        execution = _Execution(WorkerThread(self._make_process(), request), self)
        execution.event_received.connect(self.event_received)
        execution.finished.connect(self._on_finished)
        self._current = execution
        execution.worker.start()

    def stop(self) -> None:
        """Ask it to end with the results so far, however long that takes."""
        if self._current is not None:
            self._current.worker.request_stop()

    def pause(self) -> None:
        """Pause it."""
        if self._current is not None:
            self._current.worker.request_pause()

    def resume(self) -> None:
        """Continue after a pause."""
        if self._current is not None:
            self._current.worker.request_resume()

    def cancel(self) -> None:
        """Ask it to end soon; a process that doesn't react is killed after a while."""
        if self._current is not None and not self._is_stopping:
            self._is_stopping = True
            self._current.worker.request_stop()
            self._patience.start()

    def kill(self) -> None:
        """End it at once."""
        if self._current is not None:
            self._is_stopping = True
            self._current.worker.kill()

    def drop(self) -> None:
        """End it at once without further signals; another request can start right away."""
        if self._current is not None:
            dropped, self._current = self._current, None
            self._patience.stop()
            self._dropped.add(dropped)
            dropped.drop()

    def shutdown(self) -> None:
        """Drop it and wait until all processes have ended; call before the application ends."""
        self.drop()
        for execution in self._dropped:
            execution.worker.wait()

    # Not a `partial` of it: Qt would keep that, and with it this object, until the execution is
    # deleted. Its destructor would then end this object, whose destructor ends the execution again.
    @Slot(object)
    def _on_finished(self, execution: "_Execution") -> None:
        execution.deleteLater()
        if execution is not self._current:
            self._dropped.discard(execution)
            return
        self._current = None
        self._patience.stop()
        self.ended.emit()


class _Execution(QObject):
    """One request and the thread that follows it.

    Signals:
        event_received: An `Event`; none after `drop`.
        finished: The thread has ended; carries the execution.
    """

    event_received = Signal(object)
    finished = Signal(object)

    def __init__(self, thread: WorkerThread, parent: QObject) -> None:
        super().__init__(parent)
        self.worker = thread
        thread.setParent(self)
        self._is_dropped = False
        thread.event_received.connect(self._on_event)
        thread.finished.connect(self._on_thread_finished)

    def drop(self) -> None:
        """End the process; emit no more events."""
        self._is_dropped = True
        self.worker.kill()

    # Slots, so that signals of a thread are queued to the main thread.

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        # Events of a dropped request may still be queued.
        if not self._is_dropped:
            self.event_received.emit(event)

    @Slot()
    def _on_thread_finished(self) -> None:
        self.finished.emit(self)
