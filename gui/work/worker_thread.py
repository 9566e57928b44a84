"""A thread that receives the events of a worker process."""

from PySide6.QtCore import QObject, QThread, Signal

from core.errors import WorkerCrashedError
from core.messages.events import RequestFailed
from core.messages.requests import Request, is_run_request
from core.worker.process import WorkerProcess


class WorkerThread(QThread):
    """Emit the events of one `WorkerProcess`; has no logic of its own.

    Args:
        process: Started already or not.
        request: The request for it.

    Signals:
        event_received: Every event, the terminal one last. A worker that dies without one is
            reported as `RequestFailed`.
    """

    event_received = Signal(object)

    def __init__(
        self, process: WorkerProcess, request: Request, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._process, self._request = process, request

    def request_stop(self) -> None:
        """Ask the run to stop soon and keep its best weights."""
        self._process.request_stop()

    def request_pause(self) -> None:
        """Ask the run to pause."""
        self._process.request_pause()

    def request_resume(self) -> None:
        """Ask a paused run to continue."""
        self._process.request_resume()

    def kill(self) -> None:
        """End the process at once; the thread ends with it."""
        self._process.kill()

    # Qt's own methods.

    def run(self) -> None:
        try:
            for event in self._process.events(self._request):
                self.event_received.emit(event)
        except WorkerCrashedError as error:
            # The error's advice is for the command line, where a run is resumed by its folder.
            message = error.reason if is_run_request(self._request) else str(error)
            self.event_received.emit(RequestFailed.of(self._request, message))
