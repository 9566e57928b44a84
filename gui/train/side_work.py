"""Work that helps to set up training and yields to it: measuring speed, trying learning rates."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.messages.requests import TrainRequest
from gui.train.estimate_controller import EstimateController
from gui.train.train_page import TrainPage
from gui.work.spare_worker import SpareWorker

if TYPE_CHECKING:
    from gui.train.rate_search import RateSearch


class SideWork(QObject):
    """Run speed measurements and learning-rate searches; cancel them when training starts.

    Args:
        page: Where the user asks for it.
        spare: Provides workers.

    Attributes:
        estimates: The estimate of the training time, and the measurement behind it.
        rate_search: The search for a learning rate; None before the first.

    Signals:
        status_changed: What is being done, "" for nothing.
        ended: Some of the work has ended, maybe not all.
    """

    status_changed = Signal(str)
    ended = Signal()

    def __init__(self, page: TrainPage, spare: SpareWorker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page, self._spare = page, spare
        self.estimates = EstimateController(page, spare, self)
        self.estimates.status_changed.connect(self.status_changed)
        self.estimates.busy_changed.connect(self._on_busy_changed)
        self.rate_search: RateSearch | None = None

    @property
    def is_busy(self) -> bool:
        """Whether any of it is in progress."""
        searches = self.rate_search is not None and self.rate_search.is_busy
        return searches or self.estimates.is_busy

    def find_rate(self, training: TrainRequest, problem: str, *, is_fine_tuning: bool) -> None:
        """Search a learning rate for a training request; see `RateSearch.find`."""
        if self.rate_search is None:
            # Imported here: its plot takes a third of a second to load.
            from gui.train.rate_search import RateSearch

            self.rate_search = RateSearch(self._page, self._spare, self)
            self.rate_search.busy_changed.connect(self._on_busy_changed)
        self.rate_search.find(training, problem, is_fine_tuning=is_fine_tuning)

    def stop(self) -> None:
        """Ask all of it to end soon, since training needs the computer."""
        self.estimates.stop()
        if self.rate_search is not None:
            self.rate_search.stop()

    def shutdown(self) -> None:
        """Shut down; `ended` is emitted when the last process is gone."""
        self.estimates.kill()
        if self.rate_search is not None:
            self.rate_search.shutdown()

    def _on_busy_changed(self, is_busy: bool) -> None:
        if not is_busy:
            self.ended.emit()
