"""A line under the images: progress or findings of the image check."""

from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from core.data.dataset import Finding
from gui.images.check_state import CheckStage, CheckState
from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel

_ICON_SIZE = 18
_MOST_KINDS = 4


class FindingsStrip(QFrame):
    """Show the image check in one line; keeps its height, so that nothing jumps.

    Args:
        state: The check to show.

    Signals:
        review_requested: Show the findings.
        cancel_requested: Cancel the check.
    """

    review_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, state: CheckState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setProperty("role", "card")
        self._icon = PlainLabel()
        self._text = ElidedLabel()
        self._text.setObjectName("Findings")
        self._progress = QProgressBar()
        self._progress.setAccessibleName(tr("Progress of the image check"))
        self._progress.setFixedWidth(22 * GRID)
        self._cancel = QPushButton(tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_requested)
        self._review = QPushButton(tr("Review"))
        self._review.setAccessibleName(tr("Review the findings"))
        self._review.clicked.connect(self.review_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._progress)
        layout.addWidget(self._cancel)
        layout.addWidget(self._review)
        self.setFixedHeight(6 * GRID)
        state.changed.connect(self._show_state)
        self._show_state()

    def _show_state(self) -> None:
        match self._state.stage:
            case CheckStage.NOTHING:
                self._show("", "")
            case CheckStage.RUNNING:
                self._show("", self._state.text, is_busy=True)
                self._progress.setMaximum(self._state.total or 0)
                self._progress.setValue(self._state.done)
            case CheckStage.INTERRUPTED:
                self._show("info", tr("The image check was interrupted."))
            case CheckStage.DONE:
                self._show_findings(self._state.findings)
            case never:
                assert_never(never)

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        if not findings:
            self._show("circle-check", tr("No problems found in the pictures."))
            return
        counts = Counter(finding.kind for finding in findings)
        parts = [shown(kind.counted(count)) for kind, count in counts.items()]
        text = " · ".join(parts[:_MOST_KINDS])
        if len(parts) > _MOST_KINDS:
            text += " · …"
        self._show("triangle-alert", text, has_findings=True)

    def text(self) -> str:
        """Return the text shown."""
        return self._text.text()

    def _show(
        self, icon_name: str, text: str, *, is_busy: bool = False, has_findings: bool = False
    ) -> None:
        self._icon.clear()
        if icon_name:
            color = {"circle-check": IconColor.ACCENT, "triangle-alert": IconColor.WARNING}
            drawn = icon(icon_name, color.get(icon_name, IconColor.INFO))
            self._icon.setPixmap(drawn.pixmap(_ICON_SIZE, _ICON_SIZE))
        self._text.setText(text)
        self._progress.setVisible(is_busy)
        self._cancel.setVisible(is_busy)
        self._review.setVisible(has_findings)
