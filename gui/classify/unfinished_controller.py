"""Finds a batch that was broken off, and forgets it on request."""

from PySide6.QtCore import QObject, Signal

from core.batch.question import BatchQuestion
from core.batch.unfinished import UnfinishedBatch, forget, unfinished_batches
from gui.work.background import Task


class UnfinishedController(QObject):
    """Looks in the background, since journals may be large.

    Signals:
        found: An `UnfinishedBatch`, the newest there is; nothing comes if there is none.
    """

    found = Signal(UnfinishedBatch)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def look(self) -> None:
        """Find the newest batch that can be gone on with."""

        def newest(_context: object) -> UnfinishedBatch | None:
            return next(iter(unfinished_batches()), None)

        task = Task(newest, self)
        task.succeeded.connect(self._on_looked)
        task.start()

    def forget(self, question: BatchQuestion) -> None:
        """Remove what was kept of a batch."""
        Task(lambda _context: forget(question), self).start()

    def _on_looked(self, batch: UnfinishedBatch | None) -> None:
        if batch is not None:
            self.found.emit(batch)
