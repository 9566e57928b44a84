"""A format to choose, with its purpose, progress and verdict."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportFormat
from gui.export.export_texts import format_name, purpose, typical_size
from gui.export.export_verdict import verdict_icon, verdict_word, worst_verdict
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel
from gui.widgets.term_label import TermLabel

_BAR_WIDTH = 12 * GRID
_STEPS = 1_000
_SIGN = 3 * GRID


class ExportCard(QFrame):
    """A check box with a line of explanation, in whose place progress is shown.

    Args:
        chosen: The format.

    Signals:
        toggled: Whether the format is chosen now.
    """

    toggled = Signal(bool)

    def __init__(self, chosen: ExportFormat, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.format = chosen
        self.setProperty("role", "card")
        name = format_name(chosen)
        self.check = QCheckBox(name)
        self.check.setObjectName(name)
        self.check.setAccessibleName(name)
        self.check.setAccessibleDescription(purpose(chosen))
        self.check.toggled.connect(self.toggled)
        self._size = PlainLabel()
        self._size.setProperty("role", "help")
        # A button draws its icon anew when the scheme changes, a label would not.
        self._sign = QToolButton()
        self._sign.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._sign.setAccessibleName(tr("Verdict on %1", name))
        self._sign.setFixedSize(_SIGN, _SIGN)
        self._verdict = PlainLabel()
        self._verdict.setProperty("role", "help")
        self._purpose = TermLabel(purpose(chosen))
        self._purpose.setProperty("role", "help")
        self._purpose.setWordWrap(True)
        self._status = ElidedLabel()
        self._status.setProperty("role", "help")
        self._bar = QProgressBar()
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._bar.setAccessibleName(tr("Progress of %1", name))
        self._bar.setTextVisible(False)
        self._running = QWidget()
        self._lay_out()
        self.show_idle()

    def set_model_size(self, num_bytes: int) -> None:
        """Show how large the artifact will be."""
        self._size.setText(typical_size(self.format, num_bytes))

    def show_idle(self, results: Sequence[ArtifactResult] = ()) -> None:
        """Show the last verdict; no export is under way."""
        self._show_line(is_running=False)
        self._sign.setVisible(bool(results))
        self._verdict.setVisible(bool(results))
        self._size.setVisible(not results)
        if results:
            verdict = worst_verdict(results)
            word = verdict_word(verdict)
            self._verdict.setText(word)
            self._sign.setAccessibleName(tr("%1: %2", self.check.text(), word))
            self._sign.setIcon(verdict_icon(verdict))

    def show_progress(self, text: str, fraction: float | None) -> None:
        """Show progress; a fraction of None, if the end isn't known, keeps the bar moving."""
        self._sign.hide()
        self._verdict.hide()
        self._size.show()
        self._status.setText(text)
        if fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, _STEPS)
            self._bar.setValue(round(_STEPS * min(1.0, fraction)))
        self._show_line(is_running=True)

    def status(self) -> str:
        """Return the text on progress or verdict; "" for none."""
        if not self._running.isHidden():
            return self._status.text()
        return "" if self._verdict.isHidden() else self._verdict.text()

    def _show_line(self, *, is_running: bool) -> None:
        self._running.setVisible(is_running)
        self._purpose.setVisible(not is_running)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID // 2)
        top.addWidget(self.check, 1)
        top.addWidget(self._size)
        top.addWidget(self._sign)
        top.addWidget(self._verdict)
        line = QHBoxLayout(self._running)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self._status, 1)
        line.addWidget(self._bar)
        # In one place, which keeps its height: nothing below jumps.
        keeps_place = self._purpose.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self._purpose.setSizePolicy(keeps_place)
        lines = QGridLayout()
        lines.addWidget(self._purpose, 0, 0)
        lines.addWidget(self._running, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID + GRID // 2, GRID // 2, GRID + GRID // 2, GRID)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addLayout(lines)

    # Qt's own methods.

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        # The whole card is the target, not only the box in its corner.
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and is_inside and self.check.isEnabled():
            self.check.toggle()
        super().mouseReleaseEvent(event)
