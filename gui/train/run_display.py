"""Shows a run's events on the Train page: progress, plots, what was left out, how it ended."""

from typing import assert_never

from PySide6.QtCore import QObject

from core.messages.events import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Event,
    ImageSkipped,
    PhaseProgressed,
    PhaseStarted,
    RequestFailed,
    RunPaused,
    RunResumed,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from gui.look.wording import pictures
from gui.train.run_clock import RunClock
from gui.train.run_texts import (
    batch_text,
    cancelled_text,
    epoch_text,
    finished_text,
    progress_text,
)
from gui.train.train_page import TrainPage
from gui.widgets.banner import Severity
from gui.widgets.phase_texts import phase_text

_MOST_SKIPPED_SHOWN = 200


class RunDisplay(QObject):
    """Knows the page and the events, and nothing of processes.

    Args:
        page: Where events are shown.
    """

    def __init__(self, page: TrainPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._skipped: list[str] = []
        self._warnings: list[str] = []

    def begin(self) -> None:
        """Make room for a new run."""
        self._skipped.clear()
        self._warnings.clear()
        self._page.banner.clear()
        self._page.form.set_read_only(True)
        self._page.panel.show_running()
        self.clear()
        self._page.panel.show_progress(self.tr("Starting"), 0, None, "")

    def clear(self) -> None:
        """Show nothing of any run."""
        self._page.panel.show_progress("", 0, 1, "")
        self._page.panel.show_values("")
        self._page.panel.show_result("")

    def show(self, event: Event, clock: RunClock) -> None:
        """Show one event; `clock` has heard it."""
        panel, plot = self._page.panel, self._page.plot
        match event:
            case PhaseStarted(phase, total):
                panel.show_progress(phase_text(phase), 0, total, "")
            case PhaseProgressed():
                text, rate = phase_text(event.phase), progress_text(event)
                panel.show_progress(text, event.done, event.total, rate)
            case DatasetSplit():
                self._show_skipped()
            case BatchFinished():
                plot.add_batch(event)
                # Between short epochs the two would take turns too fast to be read.
                if not clock.epochs_are_short:
                    panel.show_values(batch_text(event))
            case EpochFinished():
                plot.add_epoch(event)
                panel.show_values(epoch_text(event))
            case ImageSkipped(path, reason):
                self._skipped.append(f"{path}: {reason}")
            case Warned(message):
                self._show_warning(message)
            case RunPaused() | RunResumed():
                panel.show_paused(is_paused=isinstance(event, RunPaused))
            case TrainingFinished() | TrainingCancelled() | RequestFailed():
                self._show_end(event)

    def _show_skipped(self) -> None:
        if not self._skipped:
            return
        text = self.tr("%1 left out of this run.").replace("%1", pictures(len(self._skipped)))
        self._show_warning(text)

    def _show_warning(self, text: str) -> None:
        # One after the other: the banner shows a single message, and none may be lost.
        self._warnings.append(text)
        details = "\n".join(self._skipped[:_MOST_SKIPPED_SHOWN])
        message = " ".join(self._warnings)
        self._page.banner.show_message(Severity.WARNING, message, details=details)

    def _show_end(self, event: TrainingFinished | TrainingCancelled | RequestFailed) -> None:
        panel = self._page.panel
        match event:
            case TrainingFinished():
                panel.show_progress(self.tr("Done"), 1, 1, "")
                panel.show_result(finished_text(event))
            case TrainingCancelled():
                panel.show_progress(self.tr("Stopped"), 0, 1, "")
                panel.show_result(cancelled_text(event))
            case RequestFailed():
                panel.show_progress(self.tr("Failed"), 0, 1, "")
            case _:
                assert_never(event)
