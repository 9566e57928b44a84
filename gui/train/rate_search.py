"""Searches a learning rate for the form's “Find…”."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from core.messages.requests import FindLearningRateRequest, TrainRequest
from core.settings.config import rateless_reason
from gui.look.language import shown
from gui.train.learning_rate_controller import LearningRateController
from gui.train.train_page import TrainPage
from gui.widgets.banner import Severity
from gui.work.spare_worker import SpareWorker


class RateSearch(QObject):
    """Search with the form's settings, and put the chosen rate into the form.

    Args:
        page: Has the form; parent of the dialog.
        spare: Provides workers.

    Signals:
        busy_changed: Whether a search is in progress.
    """

    busy_changed = Signal(bool)

    def __init__(self, page: TrainPage, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._form, self._banner = page.form, page.banner
        self._shown_fault = ""
        self._form.validity_changed.connect(self._on_validity_changed)
        self._controller = LearningRateController(page, spare.take)
        self._controller.busy_changed.connect(self.busy_changed)
        self._controller.chosen.connect(self._on_chosen)
        self._controller.chosen_for_fine_tuning.connect(self._on_chosen_for_fine_tuning)

    @property
    def is_busy(self) -> bool:
        """Whether a search is in progress."""
        return self._controller.is_busy

    def find(self, training: TrainRequest, problem: str, *, is_fine_tuning: bool) -> None:
        """Search with the images and the settings of a training request.

        Args:
            problem: Why no training can start, as a text to show; "" if one can.
        """
        if text := problem or self._form.fault:
            self._banner.show_message(Severity.INFO, text)
            self._shown_fault = "" if problem else text
            return
        config = replace(training.config, fine_tune=is_fine_tuning)
        if reason := rateless_reason(config):
            self._banner.show_message(Severity.INFO, shown(reason))
            return
        request = FindLearningRateRequest(
            sources=training.sources, config=config, edits=training.edits
        )
        self._controller.find(request)

    def stop(self) -> None:
        """Ask a search to end soon, since training needs the computer."""
        self._controller.stop()

    def shutdown(self) -> None:
        """Shut down; `busy_changed` is emitted when the last process is gone."""
        self._controller.shutdown()

    def _on_validity_changed(self, _is_valid: bool) -> None:
        """Remove a message about settings that have been corrected since."""
        if self._shown_fault and self._banner.text() == self._shown_fault:
            self._banner.clear()
        self._shown_fault = ""

    def _on_chosen(self, rate: float) -> None:
        self._form.set_learning_rate(rate, is_fine_tuning=False)

    def _on_chosen_for_fine_tuning(self, rate: float) -> None:
        self._form.set_learning_rate(rate, is_fine_tuning=True)
