"""Collects Python's garbage on the main thread only.

Python collects in whichever thread happens to allocate. What it finds may be objects of Qt's,
and those must be destroyed in the thread they live in: a timer or a watcher of files that dies
elsewhere leaves the event loop with a file descriptor that is gone, or ends the process.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_INTERVAL_MS = 2_000


class MainThreadGarbageCollector(QObject):
    """Takes the place of Python's own collecting until `stop`.

    Each look collects the oldest generation that has had its share of allocations, by
    Python's own thresholds.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        # What exists by now stays to the end, and needn't be looked at again and again.
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
        """Give collecting back to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
