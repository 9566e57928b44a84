"""The title of the page Classify, and its buttons."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.look.language import tr
from gui.look.theme import CONTROL_HEIGHT, GRID
from gui.widgets.buttons import push_button
from gui.widgets.plain_text import PlainLabel


class ClassifyHead(QWidget):
    """A title, and the buttons that add images.

    Signals:
        open_folder_requested, open_requested, camera_requested: Add images.
    """

    open_folder_requested = Signal()
    open_requested = Signal()
    camera_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = PlainLabel(tr("Classify"))
        title.setProperty("role", "title")
        title.setMinimumHeight(CONTROL_HEIGHT)
        self._camera = push_button(tr("Camera"), self.camera_requested, "camera")
        self._open_folder = push_button(tr("Open folder…"), self.open_folder_requested)
        self._open = push_button(tr("Open pictures…"), self.open_requested)
        self._open.setProperty("kind", "primary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(title, 1)
        for button in (self._camera, self._open_folder, self._open):
            layout.addWidget(button)

    def show_state(self, *, has_table: bool, is_camera: bool) -> None:
        """Show the buttons that apply.

        Args:
            has_table: Whether the table is shown.
            is_camera: Whether the camera is shown in place of it.
        """
        # An empty page has these buttons in its middle.
        for button in (self._camera, self._open_folder, self._open):
            button.setVisible(has_table or (is_camera and button is not self._camera))
