"""One line under the pictures: what the check found, or how far it is."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from core.data.dataset import Finding
from gui.images.findings_model import kind_text
from gui.look.icons import IconColor, icon
from gui.look.theme import GRID
from gui.look.wording import number
from gui.widgets.plain_text import PlainLabel

_ICON_SIZE = 18
_MOST_KINDS = 4


class FindingsStrip(QFrame):
    """Keeps its height whatever it shows, so that nothing jumps.

    Signals:
        review_requested: The person wants to see the findings.
        cancel_requested: The work under way is to end.
    """

    review_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setObjectName("Findings")
        self._progress = QProgressBar()
        self._progress.setAccessibleName(self.tr("Progress of looking at the pictures"))
        self._progress.setFixedWidth(22 * GRID)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_requested)
        self._review = QPushButton(self.tr("Review"))
        self._review.setAccessibleName(self.tr("Review the findings"))
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
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is known and nothing under way."""
        self._show("", "", is_busy=False)

    def show_progress(self, text: str, done: int, total: int | None) -> None:
        """Work is under way; without a total its end isn't known."""
        self._show("", text, is_busy=True)
        self._progress.setMaximum(total or 0)
        self._progress.setValue(done)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """The check is done."""
        if not findings:
            self._show("circle-check", self.tr("Nothing odd was found in the pictures."))
            return
        counts = Counter(finding.kind for finding in findings)
        parts = [f"{number(n)} {kind_text(kind, n)}" for kind, n in counts.items()]
        text = " · ".join(parts[:_MOST_KINDS])
        if len(parts) > _MOST_KINDS:
            text += " · …"
        self._show("triangle-alert", text, has_findings=True)

    def show_unchecked(self) -> None:
        """The check was cancelled."""
        self._show("info", self.tr("The pictures were not checked to the end."))

    def text(self) -> str:
        """What is written there."""
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
