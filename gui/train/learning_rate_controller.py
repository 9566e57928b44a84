"""Runs one learning-rate search at a time: starts it, shows it, ends it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from core.backbones.refusal import Refusal
from core.messages.events import Event, RequestFailed
from core.messages.requests import FindLearningRateRequest
from core.worker.process import WorkerProcess
from gui.train.learning_rate_dialog import LearningRateDialog
from gui.trust.refused_model import RefusedModel
from gui.work.worker_task import WorkerTask


class LearningRateController(QObject):
    """Own the dialog and the worker of a search.

    Args:
        parent_widget: The window that the dialog belongs to.
        make_process: Makes worker processes; tests pass others.

    Signals:
        chosen: The learning rate that the user chose, a float.
        chosen_for_fine_tuning: Likewise, after a search with `fine_tune` that tried the backbone.
        busy_changed: Whether a search is in progress.
        shut_down: After `shutdown`: no process is left.
    """

    chosen = Signal(float)
    chosen_for_fine_tuning = Signal(float)
    busy_changed = Signal(bool)
    shut_down = Signal()

    def __init__(
        self,
        parent_widget: QWidget,
        make_process: Callable[[], WorkerProcess] = WorkerProcess,
    ) -> None:
        super().__init__(parent_widget)
        self._window = parent_widget
        self._work = WorkerTask(make_process, self)
        self._work.event_received.connect(self._on_event)
        self._work.ended.connect(self._on_ended)
        self._dialog: LearningRateDialog | None = None
        self._request: FindLearningRateRequest | None = None
        self._next: FindLearningRateRequest | None = None
        self._refusal: Refusal | None = None
        self._is_shutting_down = False

    @property
    def is_busy(self) -> bool:
        """Whether a search is in progress."""
        return self._work.is_busy

    @property
    def dialog(self) -> LearningRateDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def find(self, request: FindLearningRateRequest) -> None:
        """Start a search; one that is already shown comes to the front instead."""
        if self._is_shutting_down:
            return
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        self._open_dialog()
        if self._work.is_busy:
            # A search whose dialog was closed is about to end.
            self._next = request
            self._work.kill()
            return
        self._begin(request)

    def stop(self) -> None:
        """Ask the search to end with the rates tried so far."""
        self._work.stop()

    def kill(self) -> None:
        """End the search at once."""
        self._work.kill()

    def shutdown(self) -> None:
        """Close the dialog, stop, and emit `shut_down` when no process is left."""
        self._is_shutting_down = True
        if self._dialog is not None:
            self._dialog.reject()
        if not self._work.is_busy:
            self.shut_down.emit()

    def _begin(self, request: FindLearningRateRequest) -> None:
        self._request = request
        self._work.begin(request)
        self.busy_changed.emit(True)

    def _open_dialog(self) -> None:
        dialog = LearningRateDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.stop_requested.connect(self.stop)
        dialog.chosen.connect(self._on_chosen)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        dialog.show()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, RequestFailed) and event.refusal is not None:
            self._refusal = event.refusal
        # While another search waits, these events are not for the dialog opened for it.
        if self._dialog is not None and self._next is None:
            self._dialog.show_event(event)

    def _on_chosen(self, rate: float) -> None:
        is_fine_tuning = self._dialog is not None and self._dialog.is_fine_tuning
        (self.chosen_for_fine_tuning if is_fine_tuning else self.chosen).emit(rate)

    def _on_dialog_finished(self, _result: int) -> None:
        self._dialog, self._next = None, None
        self._work.cancel()

    def _on_ended(self) -> None:
        request, self._next = self._next, None
        if request is not None:
            self._refusal = None
            self._begin(request)
            return
        self.busy_changed.emit(False)
        if self._is_shutting_down:
            self.shut_down.emit()
        else:
            self._tell_refusal()

    def _tell_refusal(self) -> None:
        refusal, self._refusal = self._refusal, None
        dialog, request = self._dialog, self._request
        if refusal is not None and dialog is not None and request is not None:
            refused = RefusedModel(dialog.banner, dialog, parent=self)
            refused.tell(refusal, lambda: self._find_again(request))

    def _find_again(self, request: FindLearningRateRequest) -> None:
        if self._dialog is not None:
            self._dialog.reject()
        self.find(request)
