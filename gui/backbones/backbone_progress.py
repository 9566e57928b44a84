"""Progress of a download or import; keeps its space while idle."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel

_BAR_WIDTH = 26 * GRID
_STEPS = 1_000


class BackboneProgress(QWidget):
    """A text, a progress bar and a Cancel button.

    Signals:
        cancel_requested: Cancel the download or import.
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

    def text(self) -> str:
        """Return the text that is shown."""
        return self._text.text()

    def show_progress(self, text: str, share: float | None) -> None:
        """Show an activity; without a share, because the end isn't known, the bar keeps moving."""
        self._text.setText(text)
        if share is None:
            self._bar.setRange(0, 0)
        else:  # a bar counts in 32 bits, which is less than some sizes in bytes
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(round(_STEPS * min(1.0, share)))
        if self._bar.isHidden():
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
