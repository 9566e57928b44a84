"""Which backbones there are, and how they come to this computer and leave it."""

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
from gui.look.language import tr
from gui.look.wording import data_size
from gui.trust.refused_model import RefusedModel
from gui.widgets.banner import Severity
from gui.work.background import Task

if TYPE_CHECKING:
    from gui.backbones.backbone_dialog import BackboneDialog


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneSource:
    """What the controller asks of `core`; tests give others.

    Attributes:
        list_rows: All backbones; takes a moment, called in a thread.
        remove: Removes one by its name; called in a thread.
        is_offline: Whether downloads are off.
        set_offline: Remembers it.
    """

    list_rows: Callable[[], Sequence[BackboneRow]]
    remove: Callable[[str], None]
    is_offline: Callable[[], bool]
    set_offline: Callable[[bool], None]


class BackboneController(QObject):
    """Opens the list of backbones and does what is asked for there.

    Downloads go on when the list is closed.

    Args:
        window: Parent of the dialog.
        source: What it asks of `core`.
        make_process: Makes worker processes; tests give others.

    Signals:
        backbone_chosen: The name of a backbone to train with.
        backbones_changed: There are other backbones on this computer than before.
        status_changed: What is under way, "" for nothing.
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
        """The list of backbones, made when it is first needed."""
        if self._dialog is None:
            self._dialog = self._make_dialog()
        return self._dialog

    @property
    def is_busy(self) -> bool:
        """Whether a download or an import goes on."""
        return self._work.is_busy

    def open(self, chosen: str) -> None:
        """Show the list.

        Args:
            chosen: The backbone that the settings name.
        """
        self.dialog.buttons.set_offline(self._source.is_offline())
        self.dialog.buttons.set_no_choice(self._no_choice)
        self.dialog.present(chosen)
        self.look_again()

    def look_again(self) -> None:
        """Find out which backbones there are now."""
        if self._dialog is None or self._is_shutting_down:
            return
        task = Task(lambda _context: self._source.list_rows(), self)
        task.succeeded.connect(self._dialog.set_rows)
        task.failed.connect(self._show_failure)
        self._start(task)

    def set_no_choice(self, reason: str) -> None:
        """Say why no backbone can be chosen now, such as during a training; "" if one can."""
        self._no_choice = reason
        if self._dialog is not None:
            self._dialog.buttons.set_no_choice(reason)

    def download(self, name: str, use_then: bool = False) -> None:
        """Fetch a backbone of the catalogue, unless something else is under way."""
        self._begin(DownloadBackboneRequest(name=name), use_then)

    def take_in(self, request: ImportBackboneRequest) -> None:
        """Import a backbone, unless something else is under way."""
        self._begin(request, use_then=False)

    def remove(self, name: str) -> None:
        """Remove a backbone from this computer."""
        task = Task(lambda _context: self._source.remove(name), self)
        task.succeeded.connect(self._on_removed)
        task.failed.connect(self._show_failure)
        self._start(task)

    def cancel(self) -> None:
        """End the download or import."""
        if self._work.is_busy:
            self._use_then = False
            text = tr("Cancelling")
            self.dialog.progress.show_stopping(text)
            self.status_changed.emit(text)
            self._work.cancel()

    def shutdown(self) -> None:
        """End everything and send `shut_down` when no process is left."""
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
        # Imported here: the window comes sooner without it.
        from gui.backbones.backbone_dialog import BackboneDialog

        dialog = BackboneDialog(self._window)
        dialog.use_requested.connect(self._choose)
        dialog.download_requested.connect(self.download)
        dialog.import_requested.connect(self.take_in)
        dialog.remove_requested.connect(self.remove)
        dialog.cancel_requested.connect(self.cancel)
        dialog.offline_toggled.connect(self._on_offline_toggled)
        return dialog

    def _begin(self, request: WorkRequest, use_then: bool) -> None:
        if self._work.is_busy or self._is_shutting_down:
            return
        self._request, self._use_then = request, use_then
        self.dialog.banner.clear()
        self.dialog.set_busy(True)
        self._say(self._what(), None)
        self._work.begin(request)

    def _what(self) -> str:
        assert self._request is not None
        if isinstance(self._request, ImportBackboneRequest):
            return tr("Importing %1", self._request.name)
        title = self.dialog.title_of(self._request.name)
        return tr("Downloading %1", title)

    def _say(self, text: str, share: float | None, detail: str = "") -> None:
        self.dialog.progress.show_progress(f"{text}: {detail}" if detail else text, share)
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
            share = None
            if isinstance(event, PhaseProgressed) and event.total:
                share = event.done / event.total
            self._say(tr("Making %1 ready", title), share)
        elif isinstance(event, PhaseProgressed):
            share = event.done / event.total if event.total else None
            self._say(self._what(), share, _amount(event))
        else:
            self._say(self._what(), 0.0 if event.total else None)

    def _on_work_succeeded(self, name: str) -> None:
        title = self.dialog.title_of(name)
        done = tr("%1 is on this computer now.", title)
        self.dialog.progress.show_idle(done)
        self.backbones_changed.emit()
        if self._use_then and not self._is_shutting_down:
            self._choose(name)

    def _on_work_failed(self, message: str, details: str) -> None:
        self.dialog.progress.show_idle()
        request, use_then = self._request, self._use_then
        actions: list[tuple[str, Callable[[], object]]] = []
        if isinstance(request, DownloadBackboneRequest):
            name = request.name
            actions.append((tr("Try again"), lambda: self.download(name, use_then)))
        self._show_failure(message, details, actions)
        # Else nobody would hear of it who has closed the list meanwhile.
        self.dialog.show()

    def _on_work_refused(self, refusal: Refusal) -> None:
        request, use_then = self._request, self._use_then
        assert request is not None
        self.dialog.progress.show_idle()
        self.dialog.show()
        refused = RefusedModel(self.dialog.banner, self.dialog, parent=self)
        refused.tell(refusal, lambda: self._begin(request, use_then))

    def _on_work_cancelled(self) -> None:
        self.dialog.progress.show_idle(tr("Cancelled."))

    def _on_work_ended(self) -> None:
        self._request, self._use_then = None, False
        self.dialog.set_busy(False)
        self.status_changed.emit("")
        if self._is_shutting_down:
            self.shut_down.emit()
        else:
            self.look_again()

    def _on_removed(self, _result: object) -> None:
        self.dialog.progress.show_idle(tr("The backbone was removed."))
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
            self.dialog.banner.show_message(Severity.INFO, text)
        self.dialog.buttons.set_offline(now)

    def _show_failure(
        self,
        message: str,
        details: str = "",
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        banner = self.dialog.banner
        banner.show_message(Severity.DANGER, message, details=details, actions=actions)


def _amount(event: PhaseProgressed) -> str:
    """How much of a download is here, and how fast it comes."""
    done = data_size(event.done)
    if event.total:
        done = f"{done} / {data_size(event.total)}"
    return f"{done} · {data_size(round(event.rate))}/s" if event.rate > 0 else done
