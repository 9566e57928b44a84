"""How far classifying is; the space is kept while nothing is under way."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from gui.theme import GRID
from gui.wording import number, pictures

_BAR_WIDTH = 30 * GRID


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
        self._bar.setAccessibleName(self.tr("Progress"))
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._text = QLabel()
        self._text.setProperty("role", "help")
        self._cancel = QPushButton(self.tr("Cancel"))
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
            self._text.setText(self.tr("Looking for pictures…"))
            self._bar.setRange(0, 0)
        self._bar.show()
        self._cancel.show()

    def show_count(self, num_done: int, num_total: int) -> None:
        """Say how many pictures are done."""
        self._bar.setRange(0, num_total)
        self._bar.setValue(num_done)
        text = self.tr("Classified %1 of %2").replace("%1", number(num_done))
        self._text.setText(text.replace("%2", pictures(num_total)))

    def stop(self) -> None:
        """Nothing is under way any more; the last count stays."""
        if self._bar.maximum() == 0:
            self._text.clear()
        self._bar.hide()
        self._cancel.hide()
