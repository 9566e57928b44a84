"""One scan and check of pictures at a time, in a process of its own."""

from PySide6.QtCore import QObject, Signal

from core.messages.events import Event
from core.messages.requests import CheckImagesRequest
from core.worker.image_worker import run_image_worker
from core.worker.process import WorkerProcess
from gui.work.worker_thread import WorkerThread


class ImageCheck(QObject):
    """Begins a check and ends it; shows nothing.

    Signals:
        event_received: An `Event` of the check that was begun last; none after `drop`.
    """

    event_received = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: set[WorkerThread] = set()
        self._thread: WorkerThread | None = None

    def begin(self, request: CheckImagesRequest) -> None:
        """Carry out a request in the place of the one before."""
        self.drop()
        thread = WorkerThread(WorkerProcess(target=run_image_worker), request, self)
        thread.event_received.connect(self._on_event)
        thread.finished.connect(self._on_thread_finished)
        self._threads.add(thread)
        self._thread = thread
        thread.start()

    def drop(self) -> None:
        """End the check under way, if any, and hear nothing more of it."""
        if self._thread is not None:
            self._thread.kill()
            self._thread = None

    def kill(self) -> None:
        """End the process of the check under way, as if it had died."""
        if self._thread is not None:
            self._thread.kill()

    def shutdown(self) -> None:
        """End all processes; call before the application ends."""
        self.drop()
        for thread in list(self._threads):
            thread.wait()

    def _on_event(self, event: Event) -> None:
        # Events that a dropped check had sent may still be on their way.
        if self.sender() is self._thread:
            self.event_received.emit(event)

    def _on_thread_finished(self) -> None:
        thread = self.sender()
        if not isinstance(thread, WorkerThread):
            return
        self._threads.discard(thread)
        if thread is self._thread:
            self._thread = None
        thread.deleteLater()
