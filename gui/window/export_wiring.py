"""Connects the Export page with the window."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.worker.process import WorkerProcess
from gui.export.export_controller import ExportController
from gui.export.export_page import ExportPage
from gui.export.export_tftrt_check import TftrtCheck
from gui.export.export_tftrt_controller import TftrtController
from gui.image_views.file_manager import FileManager
from gui.look.language import tr
from gui.project.settings import Settings
from gui.widgets.banner import Severity
from gui.window.closing_controller import ClosingController
from gui.window.main_window import MainWindow


class ExportWiring(QObject):
    """Connect the page with its controller, the settings and the window.

    Args:
        window: Its status bar shows the work in progress.
        page: The page.
        settings: Stores the Python interpreter with TF-TRT.
        closing: Asks while an export is in progress.
        make_process: Makes the processes that export; tests pass others.

    Attributes:
        controller: Exports.
        check: Checks what this computer can do with TF-TRT.
    """

    def __init__(
        self,
        window: MainWindow,
        page: ExportPage,
        settings: Settings,
        closing: ClosingController,
        make_process: Callable[[], WorkerProcess],
    ) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._files = FileManager(self)
        self.controller = ExportController(page, make_process, self)
        self.check = TftrtCheck(parent=self)
        TftrtController(page.tftrt, page.banner, settings, self.check, self)
        for part in (self.controller, self.check):
            closing.wait_for(part)
        closing.ask_about(
            lambda: self.controller.is_running,
            tr("An export is in progress."),
            tr("Stop it and close? Finished exports are kept."),
        )
        self._connect()

    def _connect(self) -> None:
        status = partial(self._window.set_activity, "export")
        self.controller.status_changed.connect(status)
        self._window.page_shown.connect(self._on_page_shown)
        self._page.show_requested.connect(self._on_show_requested)

    def _on_page_shown(self, page: QWidget) -> None:
        if page is self._page:
            self.controller.look_again()

    def _on_show_requested(self, path: Path) -> None:
        if path.exists():
            self._files.show_files([path])
            return
        text = tr("%1 no longer exists. Export the model again.", str(path))
        self._page.banner.show_message(Severity.WARNING, text)
        self.controller.look_again()
