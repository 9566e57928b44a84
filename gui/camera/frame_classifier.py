"""Classifies the newest frame, one at a time, and drops those that arrive meanwhile."""

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtGui import QImage

from core.models.predictor import top_classes
from gui.camera.frames import pixels_of
from gui.classifier.classifier_service import ClassifierService
from gui.classifier.classifying import TOP
from gui.work.background import Task, TaskContext

_SMOOTHING = 0.9


class Frame(Protocol):
    """A frame of a camera, such as a `QVideoFrame`."""

    def toImage(self) -> QImage:
        """Return the image, upright."""
        ...


@dataclass(frozen=True, slots=True)
class FrameAnswer:
    """A frame and its classes.

    Attributes:
        image: As the camera sees it, not mirrored.
        pixels: RGB values of the image, `(height, width, 3)`.
        best: Labels with their probabilities, best first; empty while no model is loaded.
        threshold: Probability below which an image is unknown.
        rate: Recent frames per second.
    """

    image: QImage
    pixels: NDArray[np.uint8]
    best: tuple[tuple[str, float], ...]
    threshold: float
    rate: float


class FrameClassifier(QObject):
    """Classifies frames with the model of the window.

    Signals:
        answered: A `FrameAnswer`.
        failed: A message, and details (may be empty).
    """

    answered = Signal(FrameAnswer)
    failed = Signal(str, str)

    def __init__(self, classifier: ClassifierService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classifier = classifier
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._task: Task | None = None
        self._before: Task | None = None
        self._newest: Frame | None = None
        self._seconds = 0.0
        self._answered_at = 0.0

    def offer(self, frame: Frame) -> None:
        """Take a frame in place of the one that is waiting, if any."""
        self._newest = frame
        if self._task is None:
            self._begin()

    def stop(self) -> None:
        """Drop the frames that are waiting and being classified."""
        self._newest = None
        if self._task is not None:
            self._task.cancel()
        self._answered_at = 0.0

    def close(self) -> None:
        """Stop, and wait for at most one frame."""
        self.stop()
        self._pool.waitForDone()

    def _begin(self) -> None:
        frame, self._newest = self._newest, None
        if frame is None:
            return
        classifier = self._classifier.warm_classifier

        def answer(_context: TaskContext) -> FrameAnswer | None:
            image = frame.toImage()
            if image.isNull():
                return None
            pixels = pixels_of(image)
            probabilities = classifier.classify_pixels(pixels)
            best = tuple(top_classes(probabilities, classifier.labels, TOP))
            return FrameAnswer(image, pixels, best, classifier.unknown_threshold, 0.0)

        self._task = Task(answer)
        self._task.succeeded.connect(self._on_answered)
        self._task.failed.connect(self.failed)
        self._task.ended.connect(self._on_ended)
        self._task.start(self._pool)

    def _on_answered(self, answer: FrameAnswer | None) -> None:
        if answer is None:
            return
        now = time.monotonic()
        if self._answered_at:
            taken = now - self._answered_at
            before = self._seconds or taken
            self._seconds = _SMOOTHING * before + (1 - _SMOOTHING) * taken
        self._answered_at = now
        rate = 1 / self._seconds if self._seconds else 0.0
        self.answered.emit(
            FrameAnswer(answer.image, answer.pixels, answer.best, answer.threshold, rate)
        )

    def _on_ended(self) -> None:
        # Kept until the next one ends: it is still emitting `ended`.
        self._before, self._task = self._task, None
        self._begin()
