"""Connects the page Projects with the window: ways to begin, and to leave a project."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.images.images_page import ImagesPage
from gui.library.library_controller import LibraryController
from gui.library.library_page import LibraryPage
from gui.look.language import tr
from gui.project.project_controller import ProjectController
from gui.widgets.banner import Severity
from gui.window.actions import Actions
from gui.window.closing_controller import ClosingController
from gui.window.file_dialogs import FileDialogs
from gui.window.images_wiring import ImagesWiring
from gui.window.main_window import MainWindow


class LibraryWiring(QObject):
    """Connect the page with its controller, and begin projects.

    Args:
        window: Shows pages.
        page: The page.
        project: The open project.
        is_busy: Returns whether the open project trains, which keeps the user from leaving it.
        actions: Begin a new project, too.
        dialogs: Ask for folders and project files.
        images_page: Adds the sample images.
        images_wiring: Shows that page.
        closing: Waits for the work at hand.

    Attributes:
        controller: Does what the page asks for.
    """

    def __init__(
        self,
        window: MainWindow,
        page: LibraryPage,
        project: ProjectController,
        is_busy: Callable[[], bool],
        actions: Actions,
        dialogs: FileDialogs,
        images_page: ImagesPage,
        images_wiring: ImagesWiring,
        closing: ClosingController,
    ) -> None:
        super().__init__(window)
        self._page, self._project, self._is_busy = page, project, is_busy
        self._dialogs, self._images_page, self._images_wiring = dialogs, images_page, images_wiring
        self.controller = LibraryController(page, project, is_busy, self)
        closing.wait_for(self.controller)
        page.add_requested.connect(self._on_folders_requested)
        page.sample_requested.connect(self._on_sample_requested)
        page.new_requested.connect(self._on_new_requested)
        page.open_requested.connect(dialogs.ask_for_project)
        actions.new.triggered.connect(self._on_new_requested)
        self.controller.opened.connect(images_wiring.show_page)
        self.controller.page_requested.connect(partial(window.show_page, page))
        window.page_shown.connect(self._on_page_shown)

    def _on_page_shown(self, page: QWidget) -> None:
        if page is self._page:
            self.controller.refresh()

    def _on_folders_requested(self) -> None:
        if self._begin():
            self._dialogs.ask_for_folder()

    def _on_sample_requested(self) -> None:
        if self._begin():
            self._images_page.sample_requested.emit()

    def _on_new_requested(self) -> None:
        self._begin()

    def _begin(self) -> bool:
        """Begin a new project, unless the open one trains; return whether that was done."""
        if self._is_busy():
            text = tr("Stop training before you open another project.")
            self._page.banner.show_message(Severity.INFO, text)
            return False
        self._project.new()
        self._images_wiring.show_page()
        return True
