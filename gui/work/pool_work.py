"""Work for threads of a pool, after which none of them is the last to hold an object of Qt's."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QObject, QRunnable, Signal, Slot


class PoolWork(QRunnable):
    """Run a function in a thread of a pool; what it refers to is dropped in the main thread.

    Made in the main thread. Python destroys an object where its last reference is dropped, and
    Qt's objects must not be destroyed in a thread they don't live in: while the main thread
    disconnects from one, or runs its timer, the process crashes.

    Args:
        function: Must not raise.
    """

    def __init__(self, function: Callable[[], None]) -> None:
        super().__init__()
        self._function: Callable[[], None] | None = function
        self._leavings = _leavings()

    def run(self) -> None:
        function, self._function = self._function, None
        assert function is not None
        try:
            function()
        finally:
            self._leavings.functions.append(function)
            # Before the main thread is told, or it could be the first to drop it.
            del function
            self._leavings.left.emit()


class _Leavings(QObject):
    """Functions that have run, for the main thread to drop; itself there to the end.

    Signals:
        left: There is a function to drop.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.functions: list[Callable[[], None]] = []
        self.left.connect(self._on_left)

    @Slot()
    def _on_left(self) -> None:
        # One by one: a thread may append meanwhile.
        while self.functions:
            self.functions.pop()


@cache
def _leavings() -> _Leavings:
    return _Leavings()
