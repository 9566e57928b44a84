"""Progress of classifying; keeps its space while idle."""

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import duration
from gui.widgets.plain_text import PlainLabel

_BAR_WIDTH = 30 * GRID
_SECONDS_BEFORE_PACE = 2


class ClassifyProgress(QWidget):
    """A text, a progress bar and a Cancel button.

    Signals:
        cancel_requested: Cancel classifying.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar()
        self._bar.setObjectName("Progress")
        self._bar.setAccessibleName(tr("Progress"))
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._text = PlainLabel()
        self._clock = QElapsedTimer()
        self._first_done = 0
        self._text.setProperty("role", "help")
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setObjectName("Cancel")
        self._cancel.clicked.connect(self.cancel_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._text, 1)
        for part in (self._bar, self._cancel):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
            layout.addWidget(part)
        self.stop()
        self._text.clear()

    def text(self) -> str:
        """Return the text that is shown."""
        return self._text.text()

    def start(self) -> None:
        """Show that pictures are being searched for."""
        if self._bar.isHidden():
            self._text.setText(tr("Looking for pictures…"))
            self._bar.setRange(0, 0)
            self._clock.invalidate()
        self._bar.show()
        self._cancel.show()

    def show_count(self, num_done: int, num_total: int) -> None:
        """Show how many pictures are classified."""
        self._bar.setRange(0, num_total)
        self._bar.setValue(num_done)
        texts = [tr_count("Classified %1 of %n picture(s)", "", num_total, num_done)]
        if num_done < num_total:
            texts += self._pace(num_done, num_total)
        self._text.setText(" · ".join(texts))

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

    def stop(self) -> None:
        """Hide the bar; the last count stays."""
        if self._bar.maximum() == 0:
            self._text.clear()
        self._bar.hide()
        self._cancel.hide()
