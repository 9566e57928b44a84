"""One download or import at a time, in a worker process."""

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from core.backbones.refusal import Refusal
from core.messages.events import (
    BackboneImported,
    Event,
    PhaseProgressed,
    PhaseStarted,
    RequestCancelled,
    RequestFailed,
)
from core.messages.requests import DownloadBackboneRequest, ImportBackboneRequest
from core.worker.process import WorkerProcess
from gui.work.worker_task import WorkerTask

WorkRequest = DownloadBackboneRequest | ImportBackboneRequest


class BackboneWork(WorkerTask):
    """Reports progress and outcome of a request; has no texts of its own.

    Args:
        make_process: Creates worker processes; tests replace it.

    Signals:
        progressed: A `PhaseStarted` or `PhaseProgressed`; none after `cancel`.
        succeeded: The name of the backbone, now on this computer.
        failed: A message to show, and details (may be empty).
        refused: The `Refusal` of a backbone that may do more than compute.
        cancelled: It was cancelled.
    """

    progressed = Signal(object)
    succeeded = Signal(str)
    failed = Signal(object, str)
    refused = Signal(Refusal)
    cancelled = Signal()

    def __init__(
        self, make_process: Callable[[], WorkerProcess], parent: QObject | None = None
    ) -> None:
        super().__init__(make_process, parent)
        self._outcome: BackboneImported | RequestFailed | RequestCancelled | None = None
        self.event_received.connect(self._on_event)
        self.ended.connect(self._on_ended)

    def _on_event(self, event: Event) -> None:
        match event:
            case PhaseStarted() | PhaseProgressed():
                if not self.is_stopping:
                    self.progressed.emit(event)
            case BackboneImported() | RequestFailed() | RequestCancelled():
                self._outcome = event

    def _on_ended(self) -> None:
        # Connected first, so that other slots of `ended` know the outcome.
        outcome, self._outcome = self._outcome, None
        match outcome:
            case BackboneImported(info):  # possibly before the cancel arrived
                self.succeeded.emit(info.name)
            case RequestFailed(refusal=Refusal() as refusal) if not self.is_stopping:
                self.refused.emit(refusal)
            case RequestFailed(message, details) if not self.is_stopping:
                self.failed.emit(message, details)
            case RequestFailed() | RequestCancelled() | None:
                self.cancelled.emit()
            case _:
                assert_never(outcome)
