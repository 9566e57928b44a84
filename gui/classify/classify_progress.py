"""Progress of classifying."""

from PySide6.QtCore import QElapsedTimer
from PySide6.QtWidgets import QWidget

from gui.look.language import tr, tr_count
from gui.look.wording import duration
from gui.widgets.progress_row import ProgressRow

_SECONDS_BEFORE_PACE = 2


class ClassifyProgress(ProgressRow):
    """Shows how many images are classified, the speed and the time left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = QElapsedTimer()
        self._first_done = self._last_done = 0

    def start(self) -> None:
        """Show that images are being searched for."""
        if self.is_idle:
            self._clock.invalidate()
            self._last_done = 0
            self.show_progress(tr("Looking for pictures…"), None)

    def show_count(self, num_done: int, num_total: int) -> None:
        """Show how many images are classified."""
        self._last_done = num_done
        texts = [tr_count("Classified %1 of %n picture(s)", "", num_total, num_done)]
        if num_done < num_total:
            texts += self._pace(num_done, num_total)
        self.show_progress(" · ".join(texts), num_done / num_total)

    def stop(self) -> None:
        """Hide the bar; the last count stays."""
        self.show_idle(self.text() if self._last_done else "")

    def _pace(self, num_done: int, num_total: int) -> list[str]:
        """Return the speed and the time left; nothing before they can be estimated."""
        if not self._clock.isValid():
            # Answers of an interrupted batch arrive all at once, and would distort the speed.
            self._clock.start()
            self._first_done = num_done
        seconds = self._clock.elapsed() / 1000
        if seconds < _SECONDS_BEFORE_PACE or num_done == self._first_done:
            return []
        rate = (num_done - self._first_done) / seconds
        left = duration((num_total - num_done) / rate)
        return [tr_count("%n picture(s) per second", "", round(rate)), tr("%1 left", left)]
