"""The menu of a class: rename, merge, remove."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from gui.look.icons import icon
from gui.look.language import tr


class ClassMenu(QMenu):
    """Offer the actions on one class.

    Args:
        name: The class.
        labels: All classes.

    Signals:
        rename_chosen: Rename the class in place.
        merge_chosen: The class to merge this one into.
        remove_chosen: Remove the class from the project.
    """

    rename_chosen = Signal()
    merge_chosen = Signal(str)
    remove_chosen = Signal()

    def __init__(self, name: str, labels: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rename = self.addAction(icon("pencil"), tr("&Rename"))
        rename.triggered.connect(self.rename_chosen)
        merge = self.addMenu(icon("combine"), tr("&Merge into"))
        others = [label for label in labels if label != name]
        for label in others:
            action = merge.addAction(label.replace("&", "&&"))
            action.triggered.connect(partial(self._on_merge_triggered, label))
        merge.setEnabled(bool(others))
        self.addSeparator()
        remove = self.addAction(icon("trash-2"), tr("Remove from the &project"))
        remove.setToolTip(tr("The files are kept"))
        remove.triggered.connect(self.remove_chosen)

    def show_at(self, point: QPoint) -> None:
        """Open at a global point; the menu is deleted when it is closed."""
        self.aboutToHide.connect(self.deleteLater)
        self.popup(point)

    def _on_merge_triggered(self, label: str, _is_checked: bool = False) -> None:
        self.merge_chosen.emit(label)
