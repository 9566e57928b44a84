"""Checks in the background what this computer can do with TF-TRT."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.messages.control import Command, RunControl, StopRequestedError
from gui.work.background import Task, TaskCancelledError, TaskContext

if TYPE_CHECKING:
    from core.export.tftrt.capability import TftrtCapability

AskTftrt = Callable[[Path | None, RunControl], "TftrtCapability"]


def ask_tftrt(python: Path | None, control: RunControl) -> "TftrtCapability":
    """Ask the interpreter that conversions would take.

    Args:
        python: The one that the user named; None to look for one.

    Raises:
        StopRequestedError: If a stop was asked for.
    """
    # Imported here: nobody without an NVIDIA GPU in mind needs it.
    from core.export.tftrt.capability import check_tftrt, find_tftrt_python

    return check_tftrt(find_tftrt_python(python), control)


class TftrtCheck(QObject):
    """One check at a time.

    Args:
        ask: Asks in a thread; tests give others.

    Signals:
        found: What the check found, a sequence of sentences.
        failed: A message fit to show, and details (may be empty).
        shut_down: After `shutdown`: no process is left.
    """

    found = Signal(object)
    failed = Signal(str, str)
    shut_down = Signal()

    def __init__(self, ask: AskTftrt = ask_tftrt, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self._control = RunControl()
        self._task: Task | None = None
        self._is_shutting_down = False

    @property
    def is_busy(self) -> bool:
        """Whether a check is under way."""
        return self._task is not None

    def begin(self, python: Path | None) -> None:
        """Check an interpreter; there must be no check yet."""
        assert not self.is_busy
        control = self._control = RunControl()

        def ask(_context: TaskContext) -> tuple[str, ...]:
            try:
                return tuple(self._ask(python, control).lines())
            except StopRequestedError as error:
                raise TaskCancelledError from error

        self._task = Task(ask, self)
        self._task.succeeded.connect(self.found)
        self._task.failed.connect(self.failed)
        self._task.ended.connect(self._on_ended)
        self._task.start()

    def shutdown(self) -> None:
        """Shut down: end the program that is running."""
        self._is_shutting_down = True
        self._control.obey(Command.STOP)
        if not self.is_busy:
            self.shut_down.emit()

    def _on_ended(self) -> None:
        self._task = None
        if self._is_shutting_down:
            self.shut_down.emit()
