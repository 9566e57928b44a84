"""The button of the quick window that shows and changes the model."""

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
    """Shows the model's name; its menu changes the model.

    Signals:
        last_requested: Use the last trained model.
        embedded_requested: Use the built-in model with ImageNet's classes.
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
        last = menu.addAction(tr("Last trained model"))
        last.triggered.connect(self.last_requested)
        embedded = menu.addAction(tr("ImageNet’s 1,000 classes"))
        embedded.triggered.connect(self.embedded_requested)
        menu.addSeparator()
        choose = menu.addAction(tr("Choose a model folder…"))
        choose.triggered.connect(self._on_choose_triggered)
        self.setMenu(menu)
        self.show_model("", None)

    def show_model(self, name: str, folder: Path | None) -> None:
        """Show the name of the model in use; "" while it is loading."""
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
