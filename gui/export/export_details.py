"""One export in full: its problems, figures and path."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.export_spec.artifact import ArtifactResult
from gui.export.export_report import export_report
from gui.export.export_texts import target_name
from gui.export.export_verdict import verdict_word
from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel


class ExportDetails(QFrame):
    """Follows the table.

    Signals:
        show_requested: An artifact is to be shown in its folder.
    """

    show_requested = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._path: Path | None = None
        self._title = ElidedLabel()
        self._title.setProperty("role", "heading")
        self._title.setObjectName("Export title")
        self._place = ElidedLabel()
        self._place.setProperty("role", "help")
        self._place.setObjectName("Export path")
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setObjectName("Export details")
        self._text.setAccessibleName(tr("Details of the export"))
        self._text.setTabChangesFocus(True)
        self.show_folder = QPushButton(icon("folder-open"), tr("Show in folder"))
        self.copy_path = QPushButton(icon("copy"), tr("Copy path"))
        self.show_folder.clicked.connect(self._on_show_clicked)
        self.copy_path.clicked.connect(self._on_copy_clicked)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self._title, 1)
        top.addWidget(self.copy_path)
        top.addWidget(self.show_folder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addLayout(top)
        layout.addWidget(self._place)
        layout.addWidget(self._text, 1)
        self.show_result(None)

    def show_result(self, result: ArtifactResult | None) -> None:
        """Show an export; None for none."""
        self._path = result.path if result is not None else None
        self._place.setText(str(self._path) if self._path is not None else "")
        for button in (self.show_folder, self.copy_path):
            button.setEnabled(self._path is not None)
        if result is None:
            self._title.setText(tr("Select an export to see its details"))
            self._text.clear()
            return
        word = verdict_word(result.verdict)
        self._title.setText(tr("%1 – %2", target_name(result.target), word))
        text = export_report(result)
        if text != self._text.toPlainText():
            self._text.setPlainText(text)

    def text(self) -> str:
        """Return all that is shown."""
        return f"{self._title.text()}\n{self._text.toPlainText()}"

    def _on_show_clicked(self) -> None:
        if self._path is not None:
            self.show_requested.emit(self._path)

    def _on_copy_clicked(self) -> None:
        if self._path is not None:
            QGuiApplication.clipboard().setText(str(self._path))
