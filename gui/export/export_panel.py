"""The progress of an export as a whole, and the buttons that begin and end it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui.export.export_state import ExportState
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel

_BAR_WIDTH = 20 * GRID
_STEPS = 1_000


class ExportPanel(QFrame):
    """Keeps its height and places, so that nothing jumps when an export begins.

    Args:
        state: How far the export is.

    Signals:
        start_requested: Begin.
        cancel_requested: End soon; finished artifacts are kept.
    """

    start_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, state: ExportState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setProperty("role", "card")
        self._phase = ElidedLabel()
        self._phase.setProperty("role", "heading")
        self._phase.setObjectName("Export phase")
        self._hint = ElidedLabel()
        self._hint.setProperty("role", "help")
        self._hint.setObjectName("Export hint")
        self._bar = QProgressBar()
        self._bar.setObjectName("Export progress")
        self._bar.setAccessibleName(tr("Export progress"))
        self._bar.setFixedWidth(_BAR_WIDTH)
        self.cancel = QPushButton(icon("square"), tr("Cancel"))
        self.cancel.setObjectName("Cancel export")
        self.cancel.setAccessibleName(tr("Cancel export"))
        self.cancel.clicked.connect(self.cancel_requested)
        self.start = QPushButton(
            icon("package-check", IconColor.ON_ACCENT), tr("Export and verify")
        )
        self.start.setProperty("kind", "primary")
        self.start.setObjectName("Export model")
        self.start.setAccessibleName(tr("Export model"))
        self.start.clicked.connect(self.start_requested)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._phase)
        words.addWidget(self._hint)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addLayout(words, 1)
        for part in (self._bar, self.cancel):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        for part in (self._bar, self.cancel, self.start):
            layout.addWidget(part)
        state.progress_changed.connect(self._on_progress_changed)
        self.show_idle("", "", can_start=False)

    def show_idle(self, text: str, hint: str, *, can_start: bool) -> None:
        """Show that no export is under way.

        Args:
            text: How the last export ended, or how many formats are chosen.
            hint: The output folder, or why no export can begin.
        """
        self._say(text, hint)
        self._bar.hide()
        self.cancel.hide()
        self.start.setEnabled(can_start)

    def text(self) -> str:
        """Return the text that is shown."""
        return self._phase.text()

    def hint(self) -> str:
        """Return the text that is shown below it."""
        return self._hint.text()

    def _on_progress_changed(self) -> None:
        state = self._state
        self._say(state.text, state.hint)
        if state.fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(round(_STEPS * min(1.0, state.fraction)))
        self.cancel.setEnabled(not state.is_stopping)
        self.start.setEnabled(False)
        self._bar.show()
        self.cancel.show()

    def _say(self, text: str, hint: str) -> None:
        self._phase.setText(text)
        self._hint.setText(hint)
