"""The title of the page Classify, and its buttons."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.look.language import tr
from gui.look.theme import CONTROL_HEIGHT, GRID
from gui.widgets.buttons import push_button
from gui.widgets.plain_text import PlainLabel


class ClassifyHead(QWidget):
    """A title, and the buttons that apply to the state of the page.

    Signals:
        clear_requested, save_requested, copy_requested: Do that with the images in the table.
        open_folder_requested, open_requested, camera_requested: Add images.
    """

    clear_requested = Signal()
    save_requested = Signal()
    copy_requested = Signal()
    open_folder_requested = Signal()
    open_requested = Signal()
    camera_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = PlainLabel(tr("Classify"))
        title.setProperty("role", "title")
        title.setMinimumHeight(CONTROL_HEIGHT)
        self._clear = push_button(tr("Clear"), self.clear_requested)
        self._save = push_button(tr("Save table…"), self.save_requested)
        self._copy = push_button(tr("Copy into class folders…"), self.copy_requested)
        self._camera = push_button(tr("Camera"), self.camera_requested, "camera")
        self._open_folder = push_button(tr("Open folder…"), self.open_folder_requested)
        self._open = push_button(tr("Open pictures…"), self.open_requested)
        self._open.setProperty("kind", "primary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(title, 1)
        for button in (
            self._clear,
            self._save,
            self._copy,
            self._camera,
            self._open_folder,
            self._open,
        ):
            layout.addWidget(button)

    def show_state(self, *, has_rows: bool, is_running: bool, is_camera: bool) -> None:
        """Show the buttons that apply.

        Args:
            has_rows: Whether there are images in the table.
            is_running: Whether images are being classified.
            is_camera: Whether the camera is shown in place of the table.
        """
        has_table = (has_rows or is_running) and not is_camera
        for button in (self._clear, self._save, self._copy):
            button.setVisible(has_table)
        # An empty page has these buttons in its middle.
        for button in (self._camera, self._open_folder, self._open):
            button.setVisible(has_table or (is_camera and button is not self._camera))
        self._clear.setEnabled(has_rows or is_running)
        for button in (self._save, self._copy):
            button.setEnabled(has_rows and not is_running)
