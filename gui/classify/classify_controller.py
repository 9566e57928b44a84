"""Classifies what the user adds, and counts the progress."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.classifier.classifier_service import ClassifierService
from gui.classifier.classifying import ClassifiedBatch
from gui.work.background import Task


class ClassifyController(QObject):
    """Adds up the progress of one or more questions.

    Signals:
        arrived: A `ClassifiedBatch`.
        progressed: Images done, and images known so far.
        failed: A message, and details (may be empty).
        finished: All questions have ended.
    """

    arrived = Signal(ClassifiedBatch)
    progressed = Signal(int, int)
    failed = Signal(str, str)
    finished = Signal()

    def __init__(self, classifier: ClassifierService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classifier = classifier
        self._totals: dict[int, int] = {}
        self._running: dict[int, Task] = {}
        self._num_done = 0

    @property
    def is_running(self) -> bool:
        """Whether a question is in progress."""
        return bool(self._running)

    def start(self, paths: Sequence[Path], *, resume: bool = False) -> None:
        """Classify images and folders, after those in progress.

        Args:
            resume: Whether to reuse the answers of the same question if it was interrupted.
        """
        if not self._running:
            self._totals, self._num_done = {}, 0
        task = self._classifier.classify(paths, resume=resume)
        # By number: a slot that refers to its own task would never let it be deleted.
        number = len(self._totals)
        self._running[number] = task
        self._totals[number] = 0
        task.progressed.connect(partial(self._on_task_progressed, number))
        task.failed.connect(self.failed)
        task.ended.connect(partial(self._on_task_ended, number))

    def cancel(self) -> None:
        """Cancel what is in progress; answers that have arrived stay."""
        for task in self._running.values():
            task.cancel()

    def _on_task_progressed(self, number: int, batch: ClassifiedBatch) -> None:
        self._totals[number] = batch.num_total
        self._num_done += len(batch.images)
        self.arrived.emit(batch)
        self.progressed.emit(self._num_done, sum(self._totals.values()))

    def _on_task_ended(self, number: int) -> None:
        self._running.pop(number, None)
        if not self._running:
            self.finished.emit()
