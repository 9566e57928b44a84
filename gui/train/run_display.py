"""Turns a run's events into its state: progress, plots, skipped images, result."""

from typing import assert_never

from PySide6.QtCore import QObject

from core.image_fault import image_sentence
from core.messages.events import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Event,
    ImageSkipped,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    ProvisionalAccuracy,
    RequestFailed,
    RunPaused,
    RunResumed,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from gui.look.language import shown, tr, tr_count
from gui.look.phase_texts import phase_text
from gui.train.run_clock import RunClock
from gui.train.run_state import Stage
from gui.train.run_texts import (
    batch_text,
    cancelled_text,
    epoch_text,
    finished_text,
    progress_text,
)
from gui.train.train_page import TrainPage
from gui.widgets.banner import Severity

_MOST_SKIPPED_SHOWN = 200


class RunDisplay(QObject):
    """Show the events of a run; knows nothing of processes.

    Args:
        page: Draws the curves and shows warnings; its run state is changed.
    """

    def __init__(self, page: TrainPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._state, self._banner = page, page.run_state, page.banner
        self._skipped: list[str] = []
        self._warnings: list[str] = []

    def begin(self) -> None:
        """Prepare for a new run."""
        self._skipped.clear()
        self._warnings.clear()
        self._banner.clear()
        self._page.end_provisional()
        self._state.set_stage(Stage.RUNNING)
        self._state.clear()
        self._state.set_progress(tr("Starting"), 0, None)

    def show(self, event: Event, clock: RunClock) -> None:
        """Show one event; `clock` has heard it."""
        state = self._state
        match event:
            case PhaseStarted(phase, total):
                state.set_progress(phase_text(phase), 0, total)
                if phase is not Phase.EXTRACTING_FEATURES:
                    self._page.end_provisional()
            case ProvisionalAccuracy():
                self._page.add_provisional(event)
            case PhaseProgressed():
                text, rate = phase_text(event.phase), progress_text(event)
                state.set_progress(text, event.done, event.total, rate)
            case DatasetSplit():
                self._show_skipped()
            case BatchFinished():
                self._page.add_batch(event)
                # Between short epochs the two would take turns too fast to be read.
                if not clock.epochs_are_short:
                    state.set_values(batch_text(event))
            case EpochFinished():
                self._page.add_epoch(event)
                state.set_values(epoch_text(event))
            case ImageSkipped(path, reason):
                self._skipped.append(shown(image_sentence(str(path), reason)))
            case Warned(message):
                self._show_warning(shown(message))
            case RunPaused() | RunResumed():
                state.set_stage(Stage.PAUSED if isinstance(event, RunPaused) else Stage.RUNNING)
            case TrainingFinished() | TrainingCancelled() | RequestFailed():
                self._show_end(event)

    def _show_skipped(self) -> None:
        if not self._skipped:
            return
        count = len(self._skipped)
        self._show_warning(tr_count("%n picture(s) left out of this run.", "", count))

    def _show_warning(self, text: str) -> None:
        # One after the other: the banner shows a single message, and none may be lost.
        self._warnings.append(text)
        details = "\n".join(self._skipped[:_MOST_SKIPPED_SHOWN])
        message = " ".join(self._warnings)
        self._banner.show_message(Severity.WARNING, message, details=details)

    def _show_end(self, event: TrainingFinished | TrainingCancelled | RequestFailed) -> None:
        state = self._state
        self._page.end_curves()
        self._page.end_provisional()
        match event:
            case TrainingFinished():
                state.set_progress(tr("Done"), 1, 1)
                state.set_result(
                    finished_text(event, is_iteration=self._page.is_iteration(event.best_epoch))
                )
            case TrainingCancelled():
                state.set_progress(tr("Stopped"), 0, 1)
                state.set_result(
                    cancelled_text(event, is_iteration=self._page.is_iteration(event.epochs))
                )
            case RequestFailed():
                state.set_progress(tr("Failed"), 0, 1)
            case _:
                assert_never(event)
