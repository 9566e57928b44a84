"""Which model answers in the quick window, and others to take, in one button."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.model_dialog import ask_for_model
from gui.widgets.plain_text import plain_tooltip

_PADDING = 6 * GRID


class ModelPicker(QPushButton):
    """Names the model; its menu changes it.

    Signals:
        last_requested: The model trained last.
        embedded_requested: ImageNet's kinds.
        folder_chosen: A model or run folder.
    """

    last_requested = Signal()
    embedded_requested = Signal()
    folder_chosen = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._folder: Path | None = None
        self.setObjectName("Model")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        last = menu.addAction(tr("The model trained last"))
        last.triggered.connect(self.last_requested)
        embedded = menu.addAction(tr("ImageNet’s 1,000 classes"))
        embedded.triggered.connect(self.embedded_requested)
        menu.addSeparator()
        choose = menu.addAction(tr("Choose a model folder…"))
        choose.triggered.connect(self._on_choose_triggered)
        self.setMenu(menu)
        self.show_model("", None)

    def show_model(self, name: str, folder: Path | None) -> None:
        """Name the model in use; "" while it is on its way."""
        self._folder = folder
        self._text = tr("Model: %1", name or "…")
        self.setAccessibleName(self._text)
        self.setToolTip(plain_tooltip(str(folder or "")))
        self._elide()

    def _elide(self) -> None:
        room = self.width() - _PADDING
        text = f"{self._text} ▾"
        self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room))

    def _on_choose_triggered(self) -> None:
        ask_for_model(self, self._folder, self.folder_chosen.emit)

    # Qt's own methods.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        return QSize(_PADDING, super().minimumSizeHint().height())
