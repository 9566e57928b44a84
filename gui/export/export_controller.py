"""One export at a time: finds the model, begins, shows progress, ends."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, Signal

from core.backbones.refusal import Refusal
from core.export_spec.artifact import ArtifactResult, Verdict
from core.export_spec.export_options import ExportOptions
from core.messages.events import Event, RequestCancelled, RequestFailed
from core.messages.export_events import ExportFinished
from core.messages.requests import ExportRequest
from core.models.model_info import read_model_info
from core.worker.process import WorkerProcess
from gui.export.export_display import ExportDisplay
from gui.export.export_model import ExportModel, load_export_model, require_writable
from gui.export.export_page import ExportPage
from gui.export.export_verdict import verdict_count
from gui.look.language import shown, tr
from gui.trust.refused_model import RefusedModel
from gui.widgets.banner import Severity
from gui.work.background import Task, TaskContext
from gui.work.worker_task import WorkerTask

# A conversion inside TensorFlow can't be interrupted, and takes 5 to 15 seconds.
_KILL_AFTER_MS = 20_000


class ExportController(QObject):
    """Connects the page Export with `core`.

    Args:
        page: The page.
        make_process: Makes worker processes; tests give others.

    Signals:
        status_changed: What the export does, "" for nothing.
        shut_down: After `shutdown`: no process is left.
    """

    status_changed = Signal(str)
    shut_down = Signal()

    def __init__(
        self,
        page: ExportPage,
        make_process: Callable[[], WorkerProcess] = WorkerProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._state = page, page.state
        self._work = WorkerTask(make_process, self, kill_after_ms=_KILL_AFTER_MS)
        self._display = ExportDisplay(page.state, self)
        self._project_folder: Path | None = None
        self._model: ExportModel | None = None
        self._not_made: tuple[ArtifactResult, ...] = ()
        self._reading: Task | None = None
        self._preparing: Task | None = None
        self._outcome: ExportFinished | RequestCancelled | RequestFailed | None = None
        self._options: ExportOptions | None = None
        self._refused = RefusedModel(page.banner, page, parent=self)
        self._is_shutting_down = self._must_switch = False
        self._connect()

    @property
    def is_running(self) -> bool:
        """Whether an export is under way."""
        return self._work.is_busy or self._preparing is not None

    @property
    def model(self) -> ExportModel | None:
        """The model to export; None for none, or while it is still read."""
        return self._model

    def set_project_model(self, folder: Path | None) -> None:
        """Export the model of the project from now on, or as soon as an export has ended."""
        self._project_folder = folder
        if self.is_running:
            self._must_switch = True
        else:
            self.use_project_model()

    def use_project_model(self) -> None:
        """Export the model of the project."""
        self._must_switch = False
        self._page.banner.clear()
        if self._project_folder is not None:
            self._read(self._project_folder)
            return
        self._stop_reading()
        self._model = None
        self._state.set_results(())
        self._page.show_no_model()

    def use_model(self, folder: Path) -> None:
        """Export another model: a model folder or run folder."""
        if not self.is_running:
            self._page.banner.clear()
            self._read(folder)

    def look_again(self) -> None:
        """Read the model and its exports again, unless an export is under way."""
        folder = self._model.folder if self._model is not None else self._project_folder
        if folder is not None and not self.is_running:
            self._read(folder)

    def start(self, options: ExportOptions) -> None:
        """Export the model that is shown, unless an export is under way."""
        if self._model is None or self.is_running:
            return
        self._stop_reading()
        self._options = options
        folder, output = self._model.folder, options.output or self._model.default_output
        request = ExportRequest(model_dir=folder, options=options)

        def prepare(_context: TaskContext) -> None:
            read_model_info(folder)
            require_writable(output)

        self._page.banner.clear()
        self._state.begin()
        self._display.begin(options.targets())
        self.status_changed.emit(self._display.status())
        self._preparing = Task(prepare, self)
        self._preparing.succeeded.connect(lambda _nothing: self._work.begin(request))
        self._preparing.failed.connect(self._on_preparing_failed)
        self._preparing.ended.connect(self._on_preparing_ended)
        self._outcome = None
        self._preparing.start()

    def cancel(self) -> None:
        """Have the export end soon; finished artifacts are kept."""
        if self._preparing is not None:
            self._preparing.cancel()
        self._work.cancel()
        self._state.set_stopping(tr("Stopping"))

    def kill(self) -> None:
        """End the export at once."""
        self._work.kill()

    def shutdown(self) -> None:
        """Shut down; `shut_down` tells when the last process is gone."""
        self._is_shutting_down = True
        self._stop_reading()
        if self.is_running:
            self.cancel()
        else:
            self.shut_down.emit()

    def _connect(self) -> None:
        page = self._page
        page.export_requested.connect(self.start)
        page.cancel_requested.connect(self.cancel)
        page.output_changed.connect(self.look_again)
        page.folder_chosen.connect(self.use_model)
        page.project_model_requested.connect(self.use_project_model)
        self._work.event_received.connect(self._on_event)
        self._work.ended.connect(self._on_ended)

    # The model and its earlier exports.

    def _read(self, folder: Path) -> None:
        self._stop_reading()
        output = self._page.output()
        self._reading = Task(lambda _context: load_export_model(folder, output), self)
        self._reading.succeeded.connect(self._on_read)
        self._reading.failed.connect(self._on_reading_failed)
        self._reading.start()

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    def _on_read(self, model: ExportModel) -> None:
        if self._model is None or self._model.folder != model.folder:
            self._not_made = ()
            self._page.banner.clear()
            self._state.end()
        self._model = model
        self._page.set_default_output(model.default_output)
        self._page.show_model(
            model.folder,
            model.info,
            model.size_bytes,
            is_projects=model.folder == self._project_folder or self._project_folder is None,
        )
        # What could not be made leaves no trace on disk.
        results = {result.target: result for result in (*model.results, *self._not_made)}
        self._state.set_results(results.values())

    def _on_reading_failed(self, message: str, details: str) -> None:
        if self._model is None or not self._model.folder.is_dir():
            self._model = None
            self._state.set_results(())
            self._page.show_no_model()
        self._page.banner.show_message(Severity.DANGER, shown(message), details=details)

    # An export.

    def _on_preparing_failed(self, message: str, details: str) -> None:
        self._outcome = RequestFailed(message, details)

    def _on_preparing_ended(self) -> None:
        self._preparing = None
        if not self._work.is_busy:
            self._on_ended()

    def _on_event(self, event: Event) -> None:
        match event:
            case RequestFailed() if self._work.is_stopping:
                pass  # so a process that was killed, or ended by the stop, is told
            case ExportFinished() | RequestCancelled() | RequestFailed():
                self._outcome = event
            case _:
                self._display.show(event)
                self.status_changed.emit(self._display.status())

    def _on_ended(self) -> None:
        finished = self._display.finished
        self._not_made = tuple(result for result in finished if result.error)
        outcome = _counts(finished)
        match self._outcome:
            case ExportFinished():
                pass
            case RequestFailed(refusal=Refusal() as refusal) if not self._is_shutting_down:
                self._tell_refusal(refusal)
            case RequestFailed(message, details):
                self._page.banner.show_message(Severity.DANGER, shown(message), details=details)
            case RequestCancelled() | None:
                outcome = tr("Cancelled, %1", outcome) if outcome else tr("Cancelled")
            case _:
                assert_never(self._outcome)
        self._state.end(outcome)
        self._point_out(finished)
        self.status_changed.emit("")
        if self._is_shutting_down:
            self.shut_down.emit()
        elif self._must_switch:
            self.use_project_model()

    def _tell_refusal(self, refusal: Refusal) -> None:
        options = self._options
        assert options is not None, "an export was begun"
        self._refused.tell(refusal, lambda: self.start(options))

    def _point_out(self, finished: tuple[ArtifactResult, ...]) -> None:
        """Select the export with the worst verdict."""
        if finished:
            self._page.select(max(finished, key=lambda result: result.verdict).target)


def _counts(results: tuple[ArtifactResult, ...]) -> str:
    """Return how the exports ended, in words: "3 passed, 1 failed"."""
    counts = Counter(result.verdict for result in results)
    return ", ".join(verdict_count(each, counts[each]) for each in Verdict if counts[each])
