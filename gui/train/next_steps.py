"""What to do with a model once it is trained, as buttons."""

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID


class NextSteps(QWidget):
    """Offer the pages that continue with a model.

    Signals:
        results_requested: Show how good the model is.
        classify_requested: Classify a picture with it.
        compare_requested: Compare its run with others.
        export_requested: Export it.
    """

    results_requested = Signal()
    classify_requested = Signal()
    compare_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID)
        self._add(tr("See results"), tr("See results"), "chart-column", self.results_requested)
        self._add(tr("Try a picture"), tr("Try a picture"), "scan-search", self.classify_requested)
        others = tr("Compare with other trainings")
        self._add(tr("Compare"), others, "git-compare", self.compare_requested)
        # Not by the name of the page alone, which its button on the rail has.
        model = tr("Export this model")
        self._add(tr("Export"), model, "package-check", self.export_requested)

    def _add(self, text: str, name: str, icon_name: str, signal: SignalInstance) -> None:
        button = QPushButton(icon(icon_name), text)
        button.setObjectName(name)
        button.setAccessibleName(name)
        button.clicked.connect(signal)
        self._layout.addWidget(button)
