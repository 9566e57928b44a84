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
from gui.look.language import tr
from gui.pictures.file_manager import FileManager
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
        check: Checks TF-TRT on this computer.
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
        self._window, self._page, self._settings = window, page, settings
        self._banner, self._tftrt = page.banner, page.settings.tftrt
        self._files = FileManager(self)
        self.controller = ExportController(page, make_process, self)
        self.check = TftrtCheck(parent=self)
        for part in (self.controller, self.check):
            closing.wait_for(part)
        closing.ask_about(
            lambda: self.controller.is_running,
            tr("An export is in progress."),
            tr("Stop it and close? Finished exports are kept."),
        )
        self._connect()

    def _connect(self) -> None:
        tftrt = self._tftrt
        tftrt.set_python(self._settings.tftrt_python)
        tftrt.changed.connect(self._on_tftrt_changed)
        tftrt.check_requested.connect(self._on_check_requested)
        self.check.found.connect(tftrt.show_found)
        self.check.failed.connect(self._on_check_failed)
        status = partial(self._window.set_activity, "export")
        self.controller.status_changed.connect(status)
        self._window.page_shown.connect(self._on_page_shown)
        self._page.details.show_requested.connect(self._on_show_requested)

    def _on_page_shown(self, page: QWidget) -> None:
        if page is self._page:
            self.controller.look_again()

    def _on_tftrt_changed(self) -> None:
        if not self._tftrt.fault():
            self._settings.tftrt_python = self._tftrt.python()

    def _on_check_requested(self) -> None:
        if not self.check.is_busy:
            self._tftrt.show_checking()
            self.check.begin(self._tftrt.python())

    def _on_check_failed(self, message: str, details: str) -> None:
        self._tftrt.show_found("")
        self._banner.show_message(Severity.DANGER, message, details=details)

    def _on_show_requested(self, path: Path) -> None:
        if path.exists():
            self._files.show_files([path])
            return
        text = tr("%1 no longer exists. Export the model again.", str(path))
        self._banner.show_message(Severity.WARNING, text)
        self.controller.look_again()
