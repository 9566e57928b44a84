"""Collects Python's garbage on the main thread only.

Python collects in whichever thread happens to allocate. Qt objects among the garbage must be
destroyed in the thread they live in: a timer or a file watcher that is destroyed elsewhere leaves
the event loop with a closed file descriptor, or crashes the process.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 2_000


class MainThreadGarbageCollector(QObject):
    """Replace Python's own garbage collection until `stop`.

    Each look collects the oldest generation above Python's own threshold.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        # What exists by now stays to the end and needs no repeated checks.
        gc.freeze()
        self._timer = QTimer(self, interval=_INTERVAL_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what is due."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Return collection to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
