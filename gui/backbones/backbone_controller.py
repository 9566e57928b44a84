"""Lists, downloads, imports and removes backbones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.backbones.refusal import Refusal
from core.errors import FieldguideError
from core.messages.events import Phase, PhaseProgressed, PhaseStarted
from core.messages.requests import DownloadBackboneRequest, ImportBackboneRequest
from core.worker.process import WorkerProcess
from gui.backbones.backbone_row import BackboneRow
from gui.backbones.backbone_work import BackboneWork, WorkRequest
from gui.look.language import shown, tr
from gui.look.wording import data_size
from gui.trust.refused_model import RefusedModel
from gui.widgets.banner import Severity
from gui.work.background import Task

if TYPE_CHECKING:
    from gui.backbones.backbone_dialog import BackboneDialog


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneSource:
    """Functions of `core` that the controller calls; tests replace them.

    Attributes:
        list_rows: Returns all backbones; slow, called in a thread.
        remove: Removes one by its name; called in a thread.
        is_offline: Returns whether downloads are off.
        set_offline: Saves whether downloads are off.
    """

    list_rows: Callable[[], Sequence[BackboneRow]]
    remove: Callable[[str], None]
    is_offline: Callable[[], bool]
    set_offline: Callable[[bool], None]


class BackboneController(QObject):
    """Opens the list of backbones and carries out what the user asks for there.

    Downloads continue when the list is closed.

    Args:
        window: Parent of the dialog.
        source: Functions of `core`.
        make_process: Creates worker processes; tests replace it.

    Signals:
        backbone_chosen: The name of a backbone to train with.
        backbones_changed: Backbones were added to this computer or removed from it.
        status_changed: The current activity, "" for none.
        shut_down: After `shutdown`: no process is left.
    """

    backbone_chosen = Signal(str)
    backbones_changed = Signal()
    status_changed = Signal(str)
    shut_down = Signal()

    def __init__(
        self,
        window: QWidget,
        source: BackboneSource,
        make_process: Callable[[], WorkerProcess] = WorkerProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._source = window, source
        self._dialog: BackboneDialog | None = None
        self._work = BackboneWork(make_process, self)
        self._work.progressed.connect(self._on_work_progressed)
        self._work.succeeded.connect(self._on_work_succeeded)
        self._work.failed.connect(self._on_work_failed)
        self._work.refused.connect(self._on_work_refused)
        self._work.cancelled.connect(self._on_work_cancelled)
        self._work.ended.connect(self._on_work_ended)
        self._request: WorkRequest | None = None
        self._use_then = self._is_shutting_down = False
        self._no_choice = ""
        self._tasks: WeakSet[Task] = WeakSet()

    @property
    def dialog(self) -> "BackboneDialog":
        """The list of backbones, created on first use."""
        if self._dialog is None:
            self._dialog = self._make_dialog()
        return self._dialog

    @property
    def is_busy(self) -> bool:
        """Whether a download or an import is in progress."""
        return self._work.is_busy

    def open(self, chosen: str) -> None:
        """Show the list.

        Args:
            chosen: The backbone that the settings use.
        """
        self.dialog.set_offline(self._source.is_offline())
        self.dialog.set_no_choice(self._no_choice)
        self.dialog.present(chosen)
        self.look_again()

    def look_again(self) -> None:
        """Reload the list of backbones."""
        if self._dialog is None or self._is_shutting_down:
            return
        task = Task(lambda _context: self._source.list_rows(), self)
        task.succeeded.connect(self._dialog.set_rows)
        task.failed.connect(self._show_failure)
        self._start(task)

    def set_no_choice(self, reason: str) -> None:
        """Show why no backbone can be chosen now, such as during training; "" if one can."""
        self._no_choice = reason
        if self._dialog is not None:
            self._dialog.set_no_choice(reason)

    def download(self, name: str, use_then: bool = False) -> None:
        """Download a backbone of the catalogue, unless a download or import is in progress."""
        self._begin(DownloadBackboneRequest(name=name), use_then)

    def import_backbone(self, request: ImportBackboneRequest) -> None:
        """Import a backbone, unless a download or import is in progress."""
        self._begin(request, use_then=False)

    def remove(self, name: str) -> None:
        """Remove a backbone from this computer."""
        task = Task(lambda _context: self._source.remove(name), self)
        task.succeeded.connect(self._on_removed)
        task.failed.connect(self._show_failure)
        self._start(task)

    def cancel(self) -> None:
        """Cancel the download or import."""
        if self._work.is_busy:
            self._use_then = False
            text = tr("Cancelling…")
            self.dialog.show_stopping(text)
            self.status_changed.emit(text)
            self._work.cancel()

    def shutdown(self) -> None:
        """Cancel everything and emit `shut_down` when no process is left."""
        self._is_shutting_down = True
        for task in self._tasks:
            task.cancel()
        if self._dialog is not None:
            self._dialog.close()
        if self._work.is_busy:
            self.cancel()
        else:
            self.shut_down.emit()

    def _make_dialog(self) -> "BackboneDialog":
        # Imported late so that the window opens sooner.
        from gui.backbones.backbone_dialog import BackboneDialog

        dialog = BackboneDialog(self._window)
        dialog.use_requested.connect(self._choose)
        dialog.download_requested.connect(self.download)
        dialog.import_requested.connect(self.import_backbone)
        dialog.remove_requested.connect(self.remove)
        dialog.cancel_requested.connect(self.cancel)
        dialog.offline_toggled.connect(self._on_offline_toggled)
        return dialog

    def _begin(self, request: WorkRequest, use_then: bool) -> None:
        if self._work.is_busy or self._is_shutting_down:
            return
        self._request, self._use_then = request, use_then
        self.dialog.clear_message()
        self.dialog.set_busy(True)
        self._say(self._what(), None)
        self._work.begin(request)

    def _what(self) -> str:
        assert self._request is not None
        if isinstance(self._request, ImportBackboneRequest):
            return tr("Importing %1", self._request.name)
        title = self.dialog.title_of(self._request.name)
        return tr("Downloading %1", title)

    def _say(self, text: str, fraction: float | None, detail: str = "") -> None:
        self.dialog.show_progress(f"{text} · {detail}" if detail else text, fraction)
        self.status_changed.emit(text)

    def _choose(self, name: str) -> None:
        if not self._no_choice:
            self.dialog.accept()
            self.backbone_chosen.emit(name)

    def _start(self, task: Task) -> None:
        self._tasks.add(task)
        task.start()

    def _on_work_progressed(self, event: PhaseStarted | PhaseProgressed) -> None:
        if event.phase is Phase.PREPARING_BACKBONE:
            assert self._request is not None
            title = self.dialog.title_of(self._request.name)
            fraction = None
            if isinstance(event, PhaseProgressed) and event.total:
                fraction = event.done / event.total
            self._say(tr("Preparing %1", title), fraction)
        elif isinstance(event, PhaseProgressed):
            fraction = event.done / event.total if event.total else None
            self._say(self._what(), fraction, _amount(event))
        else:
            self._say(self._what(), 0.0 if event.total else None)

    def _on_work_succeeded(self, name: str) -> None:
        done = tr("%1 is now on this computer.", self.dialog.title_of(name))
        self.dialog.show_idle(done)
        self.backbones_changed.emit()
        if self._use_then and not self._is_shutting_down:
            self._choose(name)

    def _on_work_failed(self, message: str, details: str) -> None:
        self.dialog.show_idle()
        request, use_then = self._request, self._use_then
        actions: list[tuple[str, Callable[[], object]]] = []
        if isinstance(request, DownloadBackboneRequest):
            name = request.name
            actions.append((tr("Try again"), lambda: self.download(name, use_then)))
        self._show_failure(message, details, actions)
        # The user may have closed the list meanwhile.
        self.dialog.show()

    def _on_work_refused(self, refusal: Refusal) -> None:
        request, use_then = self._request, self._use_then
        assert request is not None
        self.dialog.show_idle()
        self.dialog.show()
        refused = RefusedModel(self.dialog.banner, self.dialog, parent=self)
        refused.tell(refusal, lambda: self._begin(request, use_then))

    def _on_work_cancelled(self) -> None:
        self.dialog.show_idle(tr("Cancelled."))

    def _on_work_ended(self) -> None:
        self._request, self._use_then = None, False
        self.dialog.set_busy(False)
        self.status_changed.emit("")
        if self._is_shutting_down:
            self.shut_down.emit()
        else:
            self.look_again()

    def _on_removed(self, _result: object) -> None:
        self.dialog.show_idle(tr("Backbone removed."))
        self.backbones_changed.emit()
        self.look_again()

    def _on_offline_toggled(self, is_offline: bool) -> None:
        try:
            self._source.set_offline(is_offline)
        except FieldguideError as error:
            self._show_failure(str(error))
        now = self._source.is_offline()
        if now and not is_offline:
            text = tr("Fieldguide was started with FIELDGUIDE_OFFLINE set, so it stays offline.")
            self.dialog.show_message(Severity.INFO, text)
        self.dialog.set_offline(now)

    def _show_failure(
        self,
        message: str,
        details: str = "",
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        text = shown(message)
        self.dialog.show_message(Severity.DANGER, text, details=details, actions=actions)


def _amount(event: PhaseProgressed) -> str:
    """Return the size and speed of a download."""
    done = data_size(event.done)
    if event.total:
        done = tr("%1 of %2", done, data_size(event.total))
    if event.rate <= 0:
        return done
    speed = tr("%1/s", data_size(round(event.rate)))
    return f"{done} · {speed}"
