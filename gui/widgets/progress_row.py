"""A row for the progress of something that the user can cancel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel

_BAR_WIDTH = 26 * GRID
_STEPS = 1_000


class ProgressRow(QWidget):
    """A text, a progress bar and a Cancel button; keeps its space while idle.

    Signals:
        cancel_requested: Cancel it.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ElidedLabel()
        self._text.setObjectName("Progress text")
        self._bar = QProgressBar()
        self._bar.setObjectName("Progress")
        self._bar.setAccessibleName(tr("Progress"))
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.setObjectName("Cancel")
        self._cancel.setAutoDefault(False)
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
        self.show_idle()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in progress."""
        return self._bar.isHidden()

    def text(self) -> str:
        """Return the text that is shown."""
        return self._text.text()

    def show_progress(self, text: str, fraction: float | None) -> None:
        """Show an activity.

        Args:
            text: What is in progress.
            fraction: How much is done, in [0, 1]; None, if unknown, keeps the bar moving.
        """
        self._text.setText(text)
        if fraction is None:
            self._bar.setRange(0, 0)
        else:  # a bar counts in 32 bits, which is less than some sizes in bytes
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(round(_STEPS * min(1.0, fraction)))
        if self.is_idle:
            self._cancel.setEnabled(True)
        self._bar.show()
        self._cancel.show()

    def show_stopping(self, text: str) -> None:
        """Show that it is being cancelled."""
        self.show_progress(text, None)
        self._cancel.setEnabled(False)

    def show_idle(self, text: str = "") -> None:
        """Hide the bar; `text` tells the outcome."""
        self._text.setText(text)
        self._bar.hide()
        self._cancel.hide()
