"""How far classifying is; the space is kept while nothing is under way."""

from PySide6.QtCore import QElapsedTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import duration, pictures
from gui.widgets.plain_text import PlainLabel

_BAR_WIDTH = 30 * GRID
_SECONDS_BEFORE_PACE = 2


class ClassifyProgress(QWidget):
    """A bar, what it means, and a way to stop.

    Signals:
        cancel_requested: No more answers are wanted.
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
        """What is said."""
        return self._text.text()

    def start(self) -> None:
        """Say that pictures are being looked for."""
        if self._bar.isHidden():
            self._text.setText(tr("Looking for pictures…"))
            self._bar.setRange(0, 0)
            self._clock.invalidate()
        self._bar.show()
        self._cancel.show()

    def show_count(self, num_done: int, num_total: int) -> None:
        """Say how many pictures are done."""
        self._bar.setRange(0, num_total)
        self._bar.setValue(num_done)
        text = tr("Classified %1 of %2", num_done)
        text = text.replace("%2", pictures(num_total))
        if num_done < num_total:
            text += self._pace(num_done, num_total)
        self._text.setText(text)

    def _pace(self, num_done: int, num_total: int) -> str:
        """Pictures a second and the time left, once there is something to tell them by."""
        if not self._clock.isValid():
            # Answers from before come all at once, and say nothing of the pace.
            self._clock.start()
            self._first_done = num_done
        seconds = self._clock.elapsed() / 1000
        if seconds < _SECONDS_BEFORE_PACE or num_done == self._first_done:
            return ""
        rate = (num_done - self._first_done) / seconds
        text = tr(" · %1 a second · %2 left", pictures(round(rate)))
        return text.replace("%2", duration((num_total - num_done) / rate))

    def stop(self) -> None:
        """Nothing is under way any more; the last count stays."""
        if self._bar.maximum() == 0:
            self._text.clear()
        self._bar.hide()
        self._cancel.hide()
