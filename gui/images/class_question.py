"""Asks which class images belong to."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QVBoxLayout,
    QWidget,
)

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel


class ClassQuestion(QDialog):
    """Ask for a class, chosen or typed; open it with `open()`.

    Signals:
        answered: The class's name.
    """

    answered = Signal(str)

    def __init__(
        self, title: str, question: str, labels: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(45 * GRID)
        text = PlainLabel(question)
        text.setWordWrap(True)
        self._name = QComboBox()
        self._name.setEditable(True)
        self._name.addItems(list(labels))
        self._name.setCurrentText("")
        self._name.setObjectName("Class name")
        edit = self._name.lineEdit()
        assert edit is not None, "the combo box is editable"
        edit.setPlaceholderText(tr("New or existing class"))
        edit.setAccessibleName(tr("Class name"))
        standard = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        edit.textChanged.connect(self._on_text_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(text)
        layout.addWidget(self._name)
        layout.addWidget(self._buttons)
        self._on_text_changed("")

    def _on_text_changed(self, text: str) -> None:
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(text.strip()))

    def _on_accepted(self) -> None:
        self.accept()
        self.answered.emit(self._name.currentText().strip())
