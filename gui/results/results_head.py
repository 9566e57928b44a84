"""The top of the page Results: accuracy, and other figures that put it into perspective."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.evaluation.measured_figures import MeasuredFigures
from gui.look.figure_texts import balanced_text, baseline_text, note_texts
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import percent
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel
from gui.widgets.term_label import TermLabel

_ICON_SIZE = 18


class ResultsHead(QFrame):
    """Accuracy in large type, the other figures, and warnings if there are any."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._accuracy = PlainLabel()
        self._accuracy.setProperty("role", "headline")
        self._accuracy.setObjectName("Accuracy")
        self._meaning = self._make_text("Accuracy in words")
        self._balanced = TermLabel()
        self._balanced.setProperty("role", "heading")
        self._balanced.setObjectName("Balanced accuracy")
        self._balanced.setToolTip(tr("Mean recall of the classes; each class counts the same"))
        self._baseline = ElidedLabel()
        self._baseline.setObjectName("Majority baseline")
        self._notes = self._make_text("Notes on the figures")
        self._sign = PlainLabel()
        self._strip = QWidget()
        self._lay_out()

    def show_figures(self, figures: MeasuredFigures, meaning: str) -> None:
        """Show the figures of a split.

        Args:
            meaning: How reliable the accuracy is, in words.
        """
        self._accuracy.setText(percent(figures.accuracy))
        self._meaning.setText(meaning)
        self._balanced.setText(balanced_text(figures))
        baseline = baseline_text(figures)
        explained = tr(
            "%1: the accuracy of always predicting the class with the most training pictures",
            baseline,
        )
        self._baseline.setText(baseline, explained if baseline else "")
        self._notes.setText(" ".join(note_texts(figures)))
        # Drawn again each time: the colour scheme may have changed.
        sign = icon("triangle-alert", IconColor.WARNING)
        self._sign.setPixmap(sign.pixmap(_ICON_SIZE, _ICON_SIZE))
        self._strip.setVisible(bool(self._notes.text()))

    def headline(self) -> str:
        """Return the accuracy as shown, with its explanation."""
        return f"{self._accuracy.text()} {self._meaning.text()}"

    def figures(self) -> str:
        """Return the other figures as shown."""
        return f"{self._balanced.text()} {self._baseline.text()}".strip()

    def notes(self) -> str:
        """Return the warnings; "" if there are none."""
        return self._notes.text()

    def _make_text(self, name: str) -> TermLabel:
        label = TermLabel()
        label.setObjectName(name)
        label.setWordWrap(True)
        return label

    def _lay_out(self) -> None:
        strip = QHBoxLayout(self._strip)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.setSpacing(GRID)
        strip.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        strip.addWidget(self._notes, 1)
        first = QHBoxLayout()
        first.setSpacing(2 * GRID)
        first.addWidget(self._accuracy)
        first.addWidget(self._meaning, 1)
        second = QHBoxLayout()
        second.setSpacing(2 * GRID)
        second.addWidget(self._balanced)
        second.addWidget(self._baseline, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self._strip)
