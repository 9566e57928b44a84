"""The model in use, its accuracy, and buttons to change it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from gui.classifier.classifier_service import ClassifierService
from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr
from gui.look.model_texts import model_facts
from gui.look.theme import GRID
from gui.widgets.buttons import push_button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.model_dialog import ask_for_model
from gui.widgets.plain_text import PlainLabel
from gui.widgets.run_model_box import RunModel, RunModelBox

_ICON = 20


class ModelBar(QFrame):
    """Shows the classifier's model and changes it.

    Args:
        classifier: Holds the model.
    """

    def __init__(self, classifier: ClassifierService, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classifier = classifier
        self.setProperty("role", "card")
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._facts, self._advice = PlainLabel(), PlainLabel()
        for label in (self._facts, self._advice):
            label.setProperty("role", "help")
            label.setWordWrap(True)
        self._last = push_button(tr("Use last trained model"), self._on_last_clicked)
        self._embedded = push_button(tr("Use ImageNet"), self._on_embedded_clicked)
        self.runs = RunModelBox()
        self.runs.folder_chosen.connect(classifier.use_model)
        self._choose = push_button(tr("Choose model…"), self._on_choose_clicked)
        self._lay_out()
        classifier.model_changed.connect(self._show_model)
        self._show_model()

    def set_run_models(self, models: Sequence[RunModel]) -> None:
        """Offer other models of the project."""
        self.runs.set_models(models)
        self._show_model()

    def text(self) -> str:
        """Return the text about the model."""
        return f"{self._name.text()}: {self._facts.text()}"

    def _lay_out(self) -> None:
        sign = PlainLabel()
        sign.setPixmap(icon("sparkles", IconColor.ACCENT).pixmap(_ICON, _ICON))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        words.addWidget(self._advice)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addSpacing(GRID)
        layout.addLayout(words, 1)
        layout.addLayout(self._lay_out_choices())

    def _lay_out_choices(self) -> QVBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        for button in (self._last, self._embedded, self._choose):
            buttons.addWidget(button)
        # Beside the buttons it would leave the facts no room in a small window.
        choices = QVBoxLayout()
        choices.setSpacing(GRID)
        choices.addWidget(self.runs)
        choices.addLayout(buttons)
        return choices

    def _show_model(self) -> None:
        info = self._classifier.info
        self._embedded.setVisible(info is not None)
        self.runs.show_folder(self._classifier.folder)
        # A run that the user named is known by that name.
        name = self.runs.name_in_use() or self._classifier.model_name
        self._name.setText(name, str(self._classifier.folder or ""))
        self._facts.setText(
            tr("Built-in model – train a model for your own classes")
            if info is None
            else model_facts(info)
        )

        advice = info.advice() if info is not None else None
        self._advice.setText(shown(advice or ""))
        self._advice.setVisible(advice is not None)

    def _on_last_clicked(self) -> None:
        self._classifier.use_last_model()

    def _on_embedded_clicked(self) -> None:
        self._classifier.use_model(None)

    def _on_choose_clicked(self) -> None:
        ask_for_model(self, self._classifier.folder, self._classifier.use_model)
