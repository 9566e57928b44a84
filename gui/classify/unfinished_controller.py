"""Finds an interrupted batch, and discards it on request."""

from PySide6.QtCore import QObject, Signal

from core.batch.question import BatchQuestion
from core.batch.unfinished import UnfinishedBatch, forget, unfinished_batches
from gui.work.background import Task


class UnfinishedController(QObject):
    """Searches in the background, since journals may be large.

    Signals:
        found: The newest `UnfinishedBatch`; not emitted if there is none.
    """

    found = Signal(UnfinishedBatch)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def look(self) -> None:
        """Find the newest batch that can be resumed."""

        def newest(_context: object) -> UnfinishedBatch | None:
            return next(iter(unfinished_batches()), None)

        task = Task(newest, self)
        task.succeeded.connect(self._on_looked)
        task.start()

    def forget(self, question: BatchQuestion) -> None:
        """Remove the journal of a batch."""
        Task(lambda _context: forget(question), self).start()

    def _on_looked(self, batch: UnfinishedBatch | None) -> None:
        if batch is not None:
            self.found.emit(batch)
