"""The model to export, its figures, and a button to choose another one."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.models.model_info import ModelInfo
from gui.look.language import tr
from gui.look.model_texts import model_facts, model_report
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.model_dialog import ask_for_model
from gui.widgets.run_model_box import RunModel, RunModelBox


class ExportModelBar(QFrame):
    """Shows the model; a controller changes it.

    Signals:
        folder_chosen: A model folder or run folder to export instead.
        project_model_requested: The project's own model is wanted again.
    """

    folder_chosen = Signal(Path)
    project_model_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._folder: Path | None = None
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._name.setObjectName("Exported model")
        self._facts = ElidedLabel()
        self._facts.setProperty("role", "help")
        self.project_model = QPushButton(tr("Use the project’s model"))
        self.choose = QPushButton(tr("Choose model…"))
        self.choose.setAccessibleName(tr("Choose a model to export"))
        self.project_model.clicked.connect(self.project_model_requested)
        self.choose.clicked.connect(self.ask_for_folder)
        self.runs = RunModelBox()
        self.runs.folder_chosen.connect(self.folder_chosen)
        self._name_of_model = ""
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addLayout(words, 1)
        layout.addWidget(self.runs)
        layout.addWidget(self.project_model)
        layout.addWidget(self.choose)

    def show_model(self, folder: Path, info: ModelInfo, *, is_projects: bool) -> None:
        """Show the model to export."""
        self._folder, self._name_of_model = folder, info.name
        self._show_name()
        self._facts.setText(model_facts(info), model_report(info))
        self.project_model.setVisible(not is_projects)

    def set_run_models(self, models: Sequence[RunModel]) -> None:
        """Offer other models of the project."""
        self.runs.set_models(models)
        self._show_name()

    def set_locked(self, is_locked: bool) -> None:
        """Accept no other model for the time being."""
        self.project_model.setEnabled(not is_locked)
        self.choose.setEnabled(not is_locked)
        self.runs.setEnabled(not is_locked)

    def ask_for_folder(self) -> None:
        """Have the user choose another model."""
        ask_for_model(self, self._folder, self.folder_chosen.emit)

    def text(self) -> str:
        """Return all that is shown of the model."""
        return tr("%1: %2", self._name.text(), self._facts.text())

    def _show_name(self) -> None:
        self.runs.show_folder(self._folder)
        # A run that the user named is known by that name.
        self._name.setText(self.runs.name_in_use() or self._name_of_model, str(self._folder or ""))
