"""A list of the project's trained models, by the names of their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.wording import percent

_CHARACTERS = 18
_ICON_GAP = 6


@dataclass(frozen=True, slots=True)
class RunModel:
    """A trained model of the project.

    Attributes:
        folder: The model folder.
        name: Of its run, for users.
        test_accuracy: In [0, 1]; None without a test split.
        is_starred: Whether it is the project's model.
    """

    folder: Path
    name: str
    test_accuracy: float | None = None
    is_starred: bool = False


class RunModelBox(QComboBox):
    """Choose a model of the project; hidden while there is none.

    Signals:
        folder_chosen: The folder of the model that the user chose.
    """

    folder_chosen = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Models of the project")
        self.setAccessibleName(tr("Models of the project"))
        self.setToolTip(tr("Models of this project, by the names of their trainings"))
        self.setPlaceholderText(tr("Choose a training"))
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.setSizeAdjustPolicy(policy)
        self.setMinimumContentsLength(_CHARACTERS)
        # Scrolling past it must not change the model.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._models: tuple[RunModel, ...] = ()
        self._folder: Path | None = None
        self.activated.connect(self._on_activated)
        self.hide()

    def set_models(self, models: Sequence[RunModel]) -> None:
        """Offer other models, in their order."""
        if self._models == tuple(models):
            return  # an open list stays open
        self._models = tuple(models)
        self.clear()
        for model in self._models:
            name = " ".join(model.name.split())
            text = name
            if model.test_accuracy is not None:
                text = tr("%1 · %2", name, percent(model.test_accuracy))
            # An empty icon keeps the names below each other.
            self.addItem(icon("star", IconColor.ACCENT) if model.is_starred else QIcon(), text)
            index = self.count() - 1
            self.setItemData(index, _about(model), Qt.ItemDataRole.AccessibleTextRole)
        self.setVisible(bool(self._models))
        self.show_folder(self._folder)

    def show_folder(self, folder: Path | None) -> None:
        """Show which model is in use; none of these if it is another one.

        Args:
            folder: Its model folder or run folder.
        """
        self._folder = folder
        found = (index for index, model in enumerate(self._models) if _is_in(model, folder))
        self.setCurrentIndex(next(found, -1))

    def name_in_use(self) -> str:
        """Return the name of the run whose model is in use; "" if it is none of these."""
        index = self.currentIndex()
        return self._models[index].name if index >= 0 else ""

    def _on_activated(self, index: int) -> None:
        # Until it is loaded, what is in use stays in use.
        self.show_folder(self._folder)
        if 0 <= index < len(self._models):
            self.folder_chosen.emit(self._models[index].folder)

    # Qt's own methods.

    def paintEvent(self, _event: QPaintEvent) -> None:
        # As Qt's own, but with an ellipsis in place of a letter cut in two.
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        if self.currentIndex() < 0:
            option.currentText = self.placeholderText()
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        icon_width = 0 if option.currentIcon.isNull() else option.iconSize.width() + _ICON_GAP
        room = field.width() - icon_width - _ICON_GAP
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideMiddle, room
        )
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def _is_in(model: RunModel, folder: Path | None) -> bool:
    return folder in (model.folder, model.folder.parent)


def _about(model: RunModel) -> str:
    if model.test_accuracy is None:
        return model.name
    accuracy = percent(model.test_accuracy)
    if model.is_starred:
        return tr("%1, the project’s model, test accuracy %2", model.name, accuracy)
    return tr("%1, test accuracy %2", model.name, accuracy)
