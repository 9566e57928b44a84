"""One run at a time, in a worker process."""

from PySide6.QtCore import QObject

from core.messages.events import Event, RunPaused, RunResumed
from core.messages.requests import Request
from gui.work.spare_worker import SpareWorker
from gui.work.worker_task import WorkerTask


class RunWork(WorkerTask):
    """Runs that can be held still; one that is killed can be resumed from its checkpoint.

    Args:
        spare: Where workers come from.
    """

    def __init__(self, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(spare.take, parent)
        self._is_paused = False
        self.event_received.connect(self._on_event)

    def begin(self, request: Request) -> None:
        """Carry out a request; there must be none yet."""
        self._is_paused = False
        super().begin(request)

    def toggle_pause(self) -> None:
        """Hold the run still, or let it go on."""
        if self._is_paused:
            self.resume()
        else:
            self.pause()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RunPaused | RunResumed):
            self._is_paused = isinstance(event, RunPaused)
