"""A worker that has already loaded TensorFlow, so that training starts at once."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from core.worker.process import WorkerProcess
from gui.work.background import Task, TaskContext


class SpareWorker(QObject):
    """Keep one process ready.

    Args:
        make_process: Makes a process that is not started yet.
    """

    def __init__(
        self, make_process: Callable[[], WorkerProcess], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_process = make_process
        self._ready: WorkerProcess | None = None
        self._task: Task | None = None
        self._is_closed = False

    def prepare(self) -> None:
        """Start a process in the background, unless there is one."""
        if self._is_closed or self._ready is not None or self._task is not None:
            return

        def start(_context: TaskContext) -> WorkerProcess:
            process = self._make_process()
            process.start()
            return process

        self._task = Task(start, self)
        self._task.succeeded.connect(self._on_started)
        self._task.ended.connect(self._on_ended)
        self._task.start()

    def take(self) -> WorkerProcess:
        """Return the process that is ready, or a new one if there is none or it has died."""
        process, self._ready = self._ready, None
        if process is not None and process.is_alive:
            return process
        if process is not None:
            process.close()
        return self._make_process()

    def close(self) -> None:
        """End the process; no other is started."""
        self._is_closed = True
        if self._ready is not None:
            _end(self._ready)
        self._ready = None

    @property
    def is_ready(self) -> bool:
        """Whether a process is ready."""
        return self._ready is not None

    def _on_started(self, process: WorkerProcess) -> None:
        if self._is_closed:
            _end(process)
        else:
            self._ready = process

    def _on_ended(self) -> None:
        self._task = None


def _end(process: WorkerProcess) -> None:
    process.kill()
    process.close()
