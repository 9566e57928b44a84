"""Carries one experiment out at a time, in a thread, and says how far it is."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.experiments.expectation import remaining_seconds
from core.experiments.experiment import Experiment, ExperimentRun
from core.experiments.runner import (
    ExperimentEnded,
    ExperimentEvent,
    ExperimentRunner,
    RunBegan,
    RunEnded,
    RunMoved,
)
from core.experiments.setting_words import label_of, value_text
from core.messages.events import (
    EpochFinished,
    Event,
    PhaseProgressed,
    PhaseStarted,
    RunPaused,
    RunResumed,
    RunStarted,
)
from core.worker.process import WorkerProcess
from gui.experiments.experiment_progress import ExperimentProgress, Stage
from gui.experiments.experiment_thread import ExperimentThread
from gui.look.language import shown, tr
from gui.look.phase_texts import phase_text
from gui.look.wording import duration, number

_KILL_AFTER_MS = 20_000


class ExperimentWork(QObject):
    """Carry out experiments.

    Args:
        progress: Is told how far one is.
        make_process: Makes the processes that train; tests pass others.

    Attributes:
        blocked_by: Why none can begin, as a text to show; "" if one can.

    Signals:
        running_changed: Whether an experiment is in progress.
        run_ended: One of its runs is over, and recorded.
        failed: Why it can't go on, as a text to show.
        status_changed: What it is doing, "" for nothing.
        shut_down: After `shutdown`: no process is left.
    """

    running_changed = Signal(bool)
    run_ended = Signal()
    failed = Signal(str)
    status_changed = Signal(str)
    shut_down = Signal()

    def __init__(
        self,
        progress: ExperimentProgress,
        make_process: Callable[[], WorkerProcess] = WorkerProcess,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._progress, self._make_process = progress, make_process
        self._thread: ExperimentThread | None = None
        self._title = ""
        self._began_at = 0.0
        self._done_before = 0
        self._is_shutting_down = False
        self.blocked_by = ""

    @property
    def is_running(self) -> bool:
        """Whether an experiment is in progress."""
        return self._thread is not None

    def begin(self, folder: Path, runs_dir: Path) -> None:
        """Carry out what is left of an experiment; none may be in progress.

        Args:
            runs_dir: Where its runs are made.

        Raises:
            ExperimentError: If it can't be read.
        """
        assert not self.is_running
        runner = ExperimentRunner(folder, runs_dir, make_process=self._make_process)
        experiment = runner.experiment
        self._began_at, self._done_before = time.monotonic(), experiment.num_over
        self._progress.begin(folder, experiment.num_over, experiment.num_runs)
        self._thread = ExperimentThread(runner, self)
        self._thread.event_received.connect(self._on_event)
        self._thread.failed.connect(self._on_failed)
        self._thread.finished.connect(self._on_finished)
        self._thread.start()
        self.running_changed.emit(True)
        self._say(tr("Starting"))

    def toggle_pause(self) -> None:
        """Pause the current run, or continue it."""
        if self._thread is None or self._progress.stage is Stage.STOPPING:
            return
        if self._progress.stage is Stage.PAUSED:
            self._progress.set_stage(Stage.RUNNING)
            self._thread.runner.request_resume()
        else:
            # Not only when the run says so: the next one would begin meanwhile.
            self._progress.set_stage(Stage.PAUSED)
            self._thread.runner.request_pause()

    def stop(self) -> None:
        """Stop the current run and begin no other; both can be resumed."""
        if self._thread is not None:
            self._progress.set_stage(Stage.STOPPING)
            self._thread.runner.request_stop()
            self._say(tr("Stopping"))

    def kill(self) -> None:
        """End the current run at once; it can be resumed from its last checkpoint."""
        if self._thread is not None:
            self._thread.runner.kill()

    def shutdown(self) -> None:
        """Stop, and emit `shut_down` when no process is left."""
        self._is_shutting_down = True
        if not self.is_running:
            self.shut_down.emit()
            return
        self.stop()
        QTimer.singleShot(_KILL_AFTER_MS, self.kill)

    # Slots, since a thread emits.

    @Slot(object)
    def _on_event(self, event: ExperimentEvent) -> None:
        match event:
            case RunBegan(number_of_run, run):
                self._title = _title(number_of_run, run)
                self._say("")
            case RunMoved(_, moved):
                self._show_moved(moved)
            case RunEnded():
                self._count()
                self.run_ended.emit()
            case ExperimentEnded(_, message):
                self._count()
                if message:
                    self.failed.emit(
                        tr("Several runs failed one after another: %1", shown(message))
                    )

    @Slot(object)
    def _on_failed(self, message: str) -> None:
        self.failed.emit(shown(message))

    @Slot()
    def _on_finished(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.deleteLater()
        self._progress.set_stage(Stage.IDLE)
        self.status_changed.emit("")
        self.running_changed.emit(False)
        if self._is_shutting_down:
            self.shut_down.emit()

    def _show_moved(self, event: Event) -> None:
        match event:
            case RunStarted() if self._progress.stage is Stage.PAUSED and self._thread:
                self._thread.runner.request_pause()
            case PhaseStarted(phase):
                self._say(phase_text(phase))
            case PhaseProgressed(phase, done, total) if total and total > 1:
                self._say(tr("%1 %2 of %3", phase_text(phase), number(done), number(total)))
            case EpochFinished(epoch):
                self._say(tr("Epoch %1", number(epoch)))
            case RunPaused():
                self._say(tr("Paused"))
            case RunResumed():
                self._say(tr("Training"))
            case _:
                pass

    def _count(self) -> None:
        if self._thread is None:
            return
        experiment: Experiment = self._thread.runner.experiment
        done = experiment.num_over + experiment.num_failed
        left = remaining_seconds(
            time.monotonic() - self._began_at,
            done - self._done_before,
            experiment.num_runs - done,
        )
        text = tr("about %1 left", duration(left)) if left >= 1 and done else ""
        self._progress.set_done(done, experiment.num_runs, text)

    def _say(self, activity: str) -> None:
        parts = [part for part in (self._title, activity) if part]
        self._progress.set_activity(" – ".join(parts))
        self.status_changed.emit(tr("Experiment: %1", activity or self._title))


def _title(number_of_run: int, run: ExperimentRun) -> str:
    settings = ", ".join(
        tr("%1 %2", label_of(name), shown(value_text(name, value)))
        for name, value in run.settings.items()
    )
    return tr("Run %1: %2, seed %3", number_of_run + 1, settings, str(run.seed))
