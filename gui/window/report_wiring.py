"""Connects reports with the pages that offer them."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from gui.look.language import tr
from gui.report.report_saving import ReportSaving
from gui.results.results_page import ResultsPage
from gui.widgets.banner import Severity
from gui.window.main_window import MainWindow


class ReportWiring(QObject):
    """Save a report on the run that the page Results shows.

    Args:
        window: Its status bar shows that a report is being written.
        page: Asks for reports, and shows what became of them.

    Attributes:
        saving: Writes reports.
    """

    def __init__(self, window: MainWindow, page: ResultsPage) -> None:
        super().__init__(window)
        self._page = page
        self.saving = ReportSaving(window)
        self.saving.status_changed.connect(partial(window.set_activity, "report"))
        self.saving.saved.connect(self._on_saved)
        self.saving.failed.connect(self._on_failed)
        page.report_requested.connect(self._on_report_requested)

    def _on_report_requested(self, run_dir: Path) -> None:
        self.saving.ask([run_dir])

    def _on_saved(self, path: Path) -> None:
        text = tr("The report was saved as %1.", str(path))
        url = QUrl.fromLocalFile(str(path))
        actions = [(tr("Open"), partial(QDesktopServices.openUrl, url))]
        self._page.banner.show_message(Severity.INFO, text, actions=actions)

    def _on_failed(self, message: str, details: str) -> None:
        self._page.banner.show_message(Severity.DANGER, message, details=details)
