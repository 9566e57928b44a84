"""One run at a time, in a worker process."""

from PySide6.QtCore import QObject

from core.messages.events import Event, RunPaused, RunResumed
from core.messages.requests import Request
from gui.work.spare_worker import SpareWorker
from gui.work.worker_task import WorkerTask


class RunWork(WorkerTask):
    """Carry out runs, which can be paused; one that is killed can be resumed from its checkpoint.

    Args:
        spare: Provides workers.
    """

    def __init__(self, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(spare.take, parent)
        self._is_paused = False
        self.event_received.connect(self._on_event)

    def begin(self, request: Request) -> None:
        """Start a request; none may be in progress."""
        self._is_paused = False
        super().begin(request)

    def toggle_pause(self) -> None:
        """Pause the run, or continue it."""
        if self._is_paused:
            self.resume()
        else:
            self.pause()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RunPaused | RunResumed):
            self._is_paused = isinstance(event, RunPaused)
