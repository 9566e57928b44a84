"""Work in threads for the window: progress, result and failure come back as signals."""

import logging
import threading
import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot
from shiboken6 import isValid

from core.errors import FieldguideError
from core.text import Text
from gui.look.language import shown
from gui.work.pool_work import PoolWork

logger = logging.getLogger(__name__)


class TaskCancelledError(Exception):
    """Unwinds a task's function after `Task.cancel`; never shown."""


class TaskContext:
    """The interface of a task's function; called from its thread.

    Args:
        on_progress: Passes reports of the function to the main thread.
    """

    def __init__(self, on_progress: Callable[[Any], None]) -> None:
        self._cancelled = threading.Event()
        self._on_progress = on_progress

    @property
    def is_cancelled(self) -> bool:
        """Whether the task was cancelled."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the function to end at its next `check`."""
        self._cancelled.set()

    def check(self) -> None:
        """End the function if it was cancelled.

        Raises:
            TaskCancelledError: Not to be caught.
        """
        if self.is_cancelled:
            raise TaskCancelledError

    def report(self, progress: object) -> None:
        """Emit the signal `progressed` in the main thread."""
        if not self.is_cancelled:
            self._on_progress(progress)


class Task(QObject):
    """One function in a thread of a pool; lives until it has ended, without any reference.

    After `cancel` only `ended` is emitted. If its parent is deleted, so is the task, and no signal
    is emitted any more.

    Args:
        function: Runs in the thread; must touch no widget.

    Signals:
        progressed: What the function reported.
        succeeded: What it returned.
        failed: A message to show, and details (may be empty).
        ended: Always, after one of the others.
    """

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str, str)
    ended = Signal()

    def __init__(
        self, function: Callable[[TaskContext], object], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._function = function
        self._relay = _Relay()
        self.context = TaskContext(self._relay.progressed.emit)
        self._relay.progressed.connect(self._on_relay_progressed)
        self._relay.succeeded.connect(self._on_relay_succeeded)
        self._relay.failed.connect(self._on_relay_failed)
        self._relay.ended.connect(self._on_relay_ended)

    def start(self, pool: QThreadPool | None = None) -> None:
        """Run in `pool`, by default the application's."""
        if self.parent() is None:  # which would keep it
            _running.add(self)
        work = _Work(self._function, self.context, self._relay)
        (pool or QThreadPool.globalInstance()).start(PoolWork(work.run))

    def cancel(self) -> None:
        """Ask the function to end; only `ended` is emitted from now on."""
        self.context.cancel()

    # Slots of this thread, though a thread of the pool emits.

    @Slot(object)
    def _on_relay_progressed(self, progress: object) -> None:
        if not self.context.is_cancelled:
            self.progressed.emit(progress)

    @Slot(object)
    def _on_relay_succeeded(self, result: object) -> None:
        if not self.context.is_cancelled:
            self.succeeded.emit(result)

    @Slot(object, str)
    def _on_relay_failed(self, message: str, details: str) -> None:
        if not self.context.is_cancelled:
            self.failed.emit(shown(message), details)

    @Slot()
    def _on_relay_ended(self) -> None:
        self.ended.emit()
        # Later: a task that is deleted by the last slot of its own signal crashes.
        QTimer.singleShot(0, partial(_release, self))


_running: set[Task] = set()
"""Tasks without a parent that have not ended yet."""


def _release(task: Task) -> None:
    """Let a task that has ended be deleted with its last reference."""
    _running.discard(task)
    if isValid(task):
        task.setParent(None)


class _Relay(QObject):
    """Emit signals from the thread; lives until the thread has ended."""

    progressed = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object, str)  # As `str` a `Text` would lose its arguments.
    ended = Signal()


class _Work:
    """Call the function in the thread, and emit what came of it."""

    def __init__(
        self, function: Callable[[TaskContext], object], context: TaskContext, relay: _Relay
    ) -> None:
        self._function, self._context, self._relay = function, context, relay

    def run(self) -> None:
        try:
            self._context.check()
            self._relay.succeeded.emit(self._function(self._context))
        except TaskCancelledError:
            pass
        except FieldguideError as error:
            self._relay.failed.emit(str(error), "")
        except Exception as error:
            # Nobody else catches exceptions of a pool's thread.
            logger.exception("A background task failed")
            summary = Text("An unexpected error occurred: %1", str(error))
            self._relay.failed.emit(summary, traceback.format_exc())
        finally:
            self._relay.ended.emit()
