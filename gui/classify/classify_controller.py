"""Classifies what a person brings, and counts how far that is."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.classifier.classifier_service import ClassifierService
from gui.classifier.classifying import ClassifiedBatch
from gui.work.background import Task


class ClassifyController(QObject):
    """Adds up one or more questions that are under way.

    Signals:
        arrived: A `ClassifiedBatch`.
        progressed: Pictures done, and pictures known so far.
        failed: A message, and details (may be empty).
        finished: Nothing is under way any more.
    """

    arrived = Signal(object)
    progressed = Signal(int, int)
    failed = Signal(str, str)
    finished = Signal()

    def __init__(self, classifier: ClassifierService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classifier = classifier
        self._totals: dict[int, int] = {}
        self._running: list[Task] = []
        self._num_done = 0

    @property
    def is_running(self) -> bool:
        """Whether answers are still to come."""
        return bool(self._running)

    def start(self, paths: Sequence[Path], *, resume: bool = False) -> None:
        """Classify pictures and folders, after what is under way.

        Args:
            resume: Whether to take the answers of the same question that was broken off.
        """
        if not self._running:
            self._totals, self._num_done = {}, 0
        task = self._classifier.classify(paths, resume=resume)
        self._running.append(task)
        self._totals[id(task)] = 0
        task.progressed.connect(self._on_task_progressed)
        task.failed.connect(self.failed)
        task.ended.connect(self._on_task_ended)

    def cancel(self) -> None:
        """Give up what is under way; answers that have arrived stay."""
        for task in self._running:
            task.cancel()

    def _on_task_progressed(self, batch: ClassifiedBatch) -> None:
        self._totals[id(self.sender())] = batch.num_total
        self._num_done += len(batch.pictures)
        self.arrived.emit(batch)
        self.progressed.emit(self._num_done, sum(self._totals.values()))

    def _on_task_ended(self) -> None:
        ended = self.sender()
        self._running = [task for task in self._running if task is not ended]
        if not self._running:
            self.finished.emit()
