"""Runs one training at a time: starts it, shows its events, pauses and stops it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.backbones.refusal import Refusal
from core.backbones.store import list_backbones
from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS, Edits
from core.messages.events import (
    DatasetSplit,
    DeviceReported,
    Event,
    PhaseStarted,
    RequestFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
)
from core.messages.requests import ResumeRequest, RunRequest, TrainRequest
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from core.worker.process import WorkerProcess
from gui.look.language import shown, tr
from gui.look.phase_texts import phase_text
from gui.train.download_consent import DownloadConsent
from gui.train.last_run import EarlierRun, LastRun
from gui.train.run_clock import RunClock
from gui.train.run_display import RunDisplay
from gui.train.run_state import Stage
from gui.train.run_texts import earlier_text
from gui.train.run_work import RunWork
from gui.train.side_work import SideWork
from gui.train.train_page import TrainPage
from gui.trust.refused_model import RefusedModel
from gui.widgets.banner import Severity
from gui.work.spare_worker import SpareWorker

_KILL_AFTER_MS = 20_000


@dataclass(frozen=True, slots=True)
class _Images:
    """What the next run would be trained on."""

    sources: tuple[ImageSource, ...] = ()
    edits: Edits = NO_EDITS
    count: int = 0
    problem: str = ""
    runs: Path | None = None


class TrainController(QObject):
    """Connect the Train page with a worker process.

    Args:
        page: The page.
        make_process: Makes worker processes; tests pass others.

    Signals:
        config_changed: The settings in the form, a `TrainConfig`.
        run_started: The run's folder.
        run_finished: The folder of a run that has a model now, finished or stopped.
        running_changed: Whether a run is in progress.
        status_changed: What the run is doing, "" for nothing.
        device_reported: The device of the run, a `DeviceReported`.
        shut_down: After `shutdown`: no process is left.
    """

    config_changed = Signal(TrainConfig)
    run_started = Signal(Path)
    run_finished = Signal(Path)
    running_changed = Signal(bool)
    status_changed = Signal(str)
    device_reported = Signal(DeviceReported)
    shut_down = Signal()

    def __init__(
        self,
        page: TrainPage,
        make_process: Callable[[], WorkerProcess] = WorkerProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._form, self._banner = page, page.form, page.banner
        self._state = page.run_state
        self._spare = SpareWorker(make_process, self)
        self._work = RunWork(self._spare, self)
        self._side = SideWork(page, self._spare, self)
        self._consent = DownloadConsent(page.banner, self)
        self._images = _Images()
        self._blocked_by = ""
        self._clock = RunClock()
        self._config: TrainConfig | None = None
        self._run_dir: Path | None = None
        self._can_resume = self._has_model = self._is_shutting_down = False
        self._last_request: RunRequest | None = None
        self._refusal: Refusal | None = None
        self._refused = RefusedModel(page.banner, page, parent=self)
        self._display = RunDisplay(page, self)
        self._last_run = LastRun(self)
        self._last_run.was_read.connect(self._on_last_run_read)
        self._connect()
        self._show_idle()

    @property
    def is_running(self) -> bool:
        """Whether a run is in progress."""
        return self._work.is_busy

    # Images and settings.

    def set_images(
        self,
        sources: Sequence[ImageSource],
        edits: Edits,
        count: int,
        problem: str,
        runs: Path | None = None,
    ) -> None:
        """Set the images for the next run.

        Args:
            count: Included images.
            problem: Why no run can start, as a text to show; "" if one can.
            runs: The project's folder of runs.
        """
        self._images = _Images(tuple(sources), edits, count, problem, runs)
        self._show_idle()

    def set_blocked(self, reason: str) -> None:
        """Let no run start, since other work needs the computer.

        Args:
            reason: A text to show; "" lets runs start again.
        """
        self._blocked_by = reason
        if reason:
            self._side.stop()
        self._show_idle()

    def set_config(self, config: TrainConfig) -> None:
        """Show the settings of a project that was opened."""
        self._form.set_config(config)
        self._consent.note_opened(config)
        self._show_idle()

    def set_last_run(self, run_dir: Path | None) -> None:
        """Show the last run of a project that was opened: its curves, whether it can be resumed.

        Whatever is shown of another project's runs goes.
        """
        if self.is_running:
            return
        self._page.clear_curves()
        self._run_dir, self._can_resume, self._has_model = run_dir, False, False
        self._state.clear()
        self._show_idle()
        self._last_run.read(run_dir)

    def refresh_backbones(self) -> None:
        """Offer the backbones that are now on this computer."""
        self._form.set_backbones(list_backbones())

    def warm_up(self) -> None:
        """Have a worker ready for the next run."""
        self._spare.prepare()

    # Control.

    def start(self) -> None:
        """Start a run, if one can start."""
        if self.is_running or self._problem or not self._form.is_valid:
            return
        request = self._request()
        if not self._consent.is_given(request.config, self.start):
            return
        num_tuned = request.config.fine_tune_epochs if request.config.fine_tune else 0
        num_epochs = request.config.epochs + num_tuned
        self._page.begin_curves(num_epochs, is_exact=request.config.is_exact)
        self._run_dir = None
        self._begin(request)

    def resume(self) -> None:
        """Resume the run that was stopped or crashed."""
        if not self.is_running and self._run_dir is not None and not self._blocked_by:
            self._begin(ResumeRequest(run_dir=self._run_dir))

    def stop(self) -> None:
        """Ask the run to stop and keep its best weights."""
        if self.is_running:
            self._work.stop()
            self._state.set_stage(Stage.STOPPING)
            self._say(tr("Stopping"))

    def kill(self) -> None:
        """End the run at once; it can be resumed from its last checkpoint."""
        self._work.kill()

    def shutdown(self) -> None:
        """Stop the run, and emit `shut_down` when no process is left."""
        self._is_shutting_down = True
        self._spare.close()
        self._side.shutdown()
        if not self.is_running:
            self._end_if_done()
            return
        self.stop()
        QTimer.singleShot(_KILL_AFTER_MS, self.kill)

    @property
    def _problem(self) -> str:
        return self._images.problem or self._blocked_by

    def _connect(self) -> None:
        page, form = self._page, self._form
        form.config_changed.connect(self._on_config_changed)
        form.validity_changed.connect(self._on_validity_changed)
        form.learning_rate_search_requested.connect(self._on_rate_search_requested)
        page.first_shown.connect(self.refresh_backbones)
        self._work.event_received.connect(self._on_event)
        self._work.ended.connect(self._on_run_ended)
        self._side.status_changed.connect(self._on_side_work_told)
        self._side.ended.connect(self._on_side_work_ended)
        page.start_requested.connect(self.start)
        page.pause_requested.connect(self._work.toggle_pause)
        page.stop_requested.connect(self.stop)
        page.resume_requested.connect(self.resume)

    def _request(self) -> TrainRequest:
        """Make a request of the current images and the settings in the form."""
        images, config = self._images, self._form.config()
        return TrainRequest(
            sources=images.sources, config=config, edits=images.edits, runs=images.runs
        )

    def _begin(self, request: RunRequest) -> None:
        self._side.stop()
        self._clock = RunClock()
        # The settings in the form need not be those of an earlier run.
        self._config = request.config if isinstance(request, TrainRequest) else None
        self._can_resume, self._has_model, self._last_request = False, False, request
        self._display.begin()
        self._work.begin(request)
        self.running_changed.emit(True)
        self._say(tr("Starting training"))

    # Events.

    def _on_event(self, event: Event) -> None:
        self._clock.hear(event)
        self._display.show(event, self._clock)
        match event:
            case RunStarted(run_dir):
                self._run_dir = run_dir
                self._page.name_curves(run_dir.name)
                self.run_started.emit(run_dir)
            case PhaseStarted(phase):
                self._say(phase_text(phase))
            case DatasetSplit() if self._config is not None:
                self._side.estimates.note_images(self._config, self._clock)
            case DeviceReported():
                self.device_reported.emit(event)
            case RunPaused() | RunResumed():
                is_paused = isinstance(event, RunPaused)
                self._say(tr("Paused") if is_paused else tr("Training"))
            case TrainingFinished(run_dir):
                if self._config is not None:
                    self._side.estimates.note_run(self._config, self._clock, event)
                self._has_model = True
                self.run_finished.emit(run_dir)
            case TrainingCancelled(run_dir, model_dir):
                self._can_resume = run_dir is not None
                if run_dir is not None and model_dir is not None:
                    self._has_model = True
                    self.run_finished.emit(run_dir)
            case RequestFailed(refusal=Refusal() as refusal):
                self._refusal = refusal
            case RequestFailed(message, details):
                self._show_failure(message, details)

    def _show_failure(self, message: str, details: str) -> None:
        folder = RunFolder(self._run_dir) if self._run_dir is not None else None
        self._can_resume = folder is not None and folder.images_path.exists()
        text = shown(message)
        parts = [details] if details else []
        if folder is not None:
            parts.append(tr("Log: %1", str(folder.log_path)))
        actions: list[tuple[str, Callable[[], object]]] = []
        if self._can_resume:
            text += " " + tr("“Resume” continues from the last checkpoint.")
            actions.append((tr("Resume"), self.resume))
        about = "\n".join(parts)
        self._banner.show_message(Severity.DANGER, text, details=about, actions=actions)

    def _on_run_ended(self) -> None:
        self._state.set_stage(Stage.IDLE)
        self._show_idle()
        self._say("")
        self.running_changed.emit(False)
        if self._is_shutting_down:
            self._end_if_done()
        else:
            self._tell_refusal()
            self.warm_up()

    def _tell_refusal(self) -> None:
        refusal, self._refusal = self._refusal, None
        request = self._last_request
        if refusal is not None and request is not None:
            self._refused.tell(refusal, lambda: self._begin_again(request))

    def _begin_again(self, request: RunRequest) -> None:
        if not self.is_running:
            self._begin(request)

    def _end_if_done(self) -> None:
        if self._is_shutting_down and not (self.is_running or self._side.is_busy):
            self.shut_down.emit()

    def _on_rate_search_requested(self, is_fine_tuning: bool) -> None:
        request = self._request()
        again = partial(self._on_rate_search_requested, is_fine_tuning)
        if not self.is_running and self._consent.is_given(request.config, again):
            problem = self._problem
            self._side.find_rate(request, problem, is_fine_tuning=is_fine_tuning)

    def _on_side_work_told(self, text: str) -> None:
        if not self.is_running:
            self._say(text)

    def _on_side_work_ended(self) -> None:
        self._end_if_done()
        self.warm_up()

    def _on_last_run_read(self, run: EarlierRun) -> None:
        if self.is_running:
            return
        self._can_resume, self._has_model = run.can_resume, run.has_model
        name = self._run_dir.name if self._run_dir is not None else ""
        self._page.load_curves(run.history, name)
        if run.history or run.can_resume:
            self._state.set_result(earlier_text(name, can_resume=run.can_resume))
        self._show_idle()

    def _on_config_changed(self, config: TrainConfig) -> None:
        self._show_idle()
        self.config_changed.emit(config)

    def _on_validity_changed(self, _is_valid: bool) -> None:
        self._show_idle()

    def _show_idle(self) -> None:
        if self.is_running:
            return
        can_start = not self._problem and self._form.is_valid
        can_resume = self._can_resume and not self._blocked_by
        self._state.set_options(
            can_start=can_start, can_resume=can_resume, has_model=self._has_model
        )
        self._page.show_empty(not self._images.sources and self._run_dir is None)
        self._side.estimates.show(self._images.count, self._problem)

    def _say(self, text: str) -> None:
        self.status_changed.emit(text)
