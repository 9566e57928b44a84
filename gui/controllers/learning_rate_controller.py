"""One search for a learning rate at a time: begins it, shows it, ends it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.worker.events import Event
from core.worker.process import WorkerProcess
from core.worker.requests import FindLearningRateRequest
from gui.widgets.learning_rate_dialog import LearningRateDialog
from gui.worker_thread import WorkerThread

_KILL_AFTER_MS = 5_000


class LearningRateController(QObject):
    """Owns the dialog and the worker of a search.

    Args:
        parent_widget: The window that the dialog belongs to.
        make_process: Makes worker processes; tests give others.

    Signals:
        chosen: The learning rate that the person took, a float.
        chosen_for_fine_tuning: Likewise, after a search with `fine_tune` that tried the backbone.
        busy_changed: Whether a search is under way.
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
        self._window, self._make_process = parent_widget, make_process
        self._thread: WorkerThread | None = None
        self._dialog: LearningRateDialog | None = None
        self._next: FindLearningRateRequest | None = None
        self._is_shutting_down = False
        self._kill_timer = QTimer(self, singleShot=True, interval=_KILL_AFTER_MS)
        self._kill_timer.timeout.connect(self.kill)

    @property
    def is_busy(self) -> bool:
        """Whether a search is under way."""
        return self._thread is not None

    @property
    def dialog(self) -> LearningRateDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def find(self, request: FindLearningRateRequest) -> None:
        """Begin a search; one that is shown already comes to the front instead."""
        if self._is_shutting_down:
            return
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        self._open_dialog()
        if self._thread is not None:
            # A search whose dialog was closed is about to end.
            self._next = request
            self._thread.kill()
            return
        self._begin(request)

    def stop(self) -> None:
        """Ask the search to go by what was tried so far."""
        if self._thread is not None:
            self._thread.request_stop()

    def kill(self) -> None:
        """End the search at once."""
        if self._thread is not None:
            self._thread.kill()

    def shutdown(self) -> None:
        """Close the dialog, stop, and send `shut_down` when no process is left."""
        self._is_shutting_down = True
        if self._dialog is not None:
            self._dialog.reject()
        if self._thread is None:
            self.shut_down.emit()

    def _begin(self, request: FindLearningRateRequest) -> None:
        thread = WorkerThread(self._make_process(), request, self)
        thread.event_received.connect(self._on_event)
        thread.finished.connect(self._on_thread_finished)
        self._thread = thread
        thread.start()
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
        # While another search waits, what is heard is no business of the dialog opened for it.
        if self._dialog is not None and self._next is None:
            self._dialog.show_event(event)

    def _on_chosen(self, rate: float) -> None:
        is_fine_tuning = self._dialog is not None and self._dialog.is_fine_tuning
        (self.chosen_for_fine_tuning if is_fine_tuning else self.chosen).emit(rate)

    def _on_dialog_finished(self, _result: int) -> None:
        self._dialog, self._next = None, None
        if self._thread is None:
            return
        self.stop()
        self._kill_timer.start()

    def _on_thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        self._kill_timer.stop()
        if thread is not None:
            thread.deleteLater()
        request, self._next = self._next, None
        if request is not None:
            self._begin(request)
            return
        self.busy_changed.emit(False)
        if self._is_shutting_down:
            self.shut_down.emit()
