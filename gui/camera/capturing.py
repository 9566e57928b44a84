"""Saves images from the camera in the background, one after another."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from core.capture.captures import captures_folder, class_source, save_capture
from core.data.dataset import ImageSource
from gui.camera.frames import jpeg_of
from gui.work.background import Task, TaskContext

_SETTLED_MS = 1_200
_MOST_WAITING = 8


class Capturing(QObject):
    """Saves images for the classes of a project.

    Args:
        project_file: Returns the project's file; None for an unsaved project.
        sources: Returns the project's image sources.

    Signals:
        taken: The class, and how many images of it were taken since it was chosen.
        settled: `ImageSource`s with new images, a while after the last one.
        failed: A message, and details (may be empty).
    """

    taken = Signal(str, int)
    settled = Signal(list)
    failed = Signal(str, str)

    def __init__(
        self,
        project_file: Callable[[], Path | None],
        sources: Callable[[], Sequence[ImageSource]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._project_file, self._sources = project_file, sources
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._num_saving = 0
        self._begun_at = datetime.now().astimezone()
        self._label = ""
        self._paths: list[Path] = []
        self._new: dict[str, ImageSource] = {}
        self._timer = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._timer.timeout.connect(self._on_settled)

    def begin_project(self) -> None:
        """Save images for another project from now on."""
        self._begun_at = datetime.now().astimezone()
        self._label, self._paths, self._new = "", [], {}
        self.taken.emit("", 0)

    @property
    def last(self) -> Path | None:
        """The last image of the current class."""
        return self._paths[-1] if self._paths else None

    def take(self, label: str, pixels: NDArray[np.uint8]) -> None:
        """Save an image, unless too many are still being saved."""
        if self._num_saving >= _MOST_WAITING:
            return
        if label != self._label:
            self._label, self._paths = label, []
        source = self._source(label)
        taken_at = datetime.now().astimezone()

        def save(_context: TaskContext) -> Path:
            return save_capture(source.path, jpeg_of(pixels), taken_at)

        def on_saved(path: Path) -> None:
            self._new[label] = source
            if label == self._label:
                self._paths.append(path)
                self.taken.emit(label, len(self._paths))

        task = Task(save, self)
        self._num_saving += 1
        task.succeeded.connect(on_saved)
        task.failed.connect(self.failed)
        task.ended.connect(self._on_task_ended)
        task.start(self._pool)
        self._timer.start()

    def discard_last(self) -> None:
        """Remove the last image."""
        path = self.last
        if path is None:
            return
        self._paths.pop()
        self._new[self._label] = self._source(self._label)
        task = Task(lambda _context: path.unlink(missing_ok=True), self)
        task.start(self._pool)
        self.taken.emit(self._label, len(self._paths))
        self._timer.start()

    def close(self) -> None:
        """Finish saving, and emit `settled`."""
        self._pool.waitForDone()
        self._on_settled()

    def _source(self, label: str) -> ImageSource:
        folder = captures_folder(self._project_file(), self._begun_at)
        known = [*self._sources(), *self._new.values()]
        return class_source(folder, label, known)

    def _on_task_ended(self) -> None:
        self._num_saving -= 1

    def _on_settled(self) -> None:
        self._timer.stop()
        new, self._new = list(self._new.values()), {}
        if new:
            self.settled.emit(new)
