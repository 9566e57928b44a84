"""The buttons below the classified table."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.buttons import push_button


class ResultActions(QWidget):
    """Buttons that apply to all images in the table.

    Signals:
        clear_requested, save_requested, copy_requested: Do that with them.
    """

    clear_requested = Signal()
    save_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addStretch(1)
        layout.addWidget(push_button(tr("Clear"), self.clear_requested))
        layout.addWidget(push_button(tr("Save table…"), self.save_requested))
        layout.addWidget(push_button(tr("Copy into class folders…"), self.copy_requested))
