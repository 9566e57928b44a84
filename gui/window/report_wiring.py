"""Connects reports with the pages that offer them."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from gui.look.language import tr
from gui.report.report_saving import ReportSaving
from gui.results.results_page import ResultsPage
from gui.runs.runs_controller import RunsController
from gui.runs.runs_page import RunsPage
from gui.widgets.banner import Banner, Severity
from gui.window.main_window import MainWindow

if TYPE_CHECKING:
    from gui.runs.comparison_dialog import ComparisonDialog


class ReportWiring(QObject):
    """Save a report on the run that the page Results shows, or on those chosen on the page Runs.

    Args:
        window: Its status bar shows that a report is being written.
        page: Asks for reports on the run that it shows.
        runs_page: Shows what became of reports on chosen runs.
        runs: Asks for reports on chosen runs.

    Attributes:
        results: Reports for the page Results.
        runs: Reports for the page Runs.
    """

    def __init__(
        self, window: MainWindow, page: ResultsPage, runs_page: RunsPage, runs: RunsController
    ) -> None:
        super().__init__(window)
        self.results = ReportPlace(window, page.banner)
        self.runs = ReportPlace(window, runs_page.banner)
        for place in (self.results, self.runs):
            place.saving.status_changed.connect(partial(window.set_activity, "report"))
        page.report_requested.connect(self._on_report_requested)
        runs.report_requested.connect(self.runs.saving.ask)

    def _on_report_requested(self, run_dir: Path) -> None:
        self.results.saving.ask([run_dir])


class ReportPlace(QObject):
    """Save reports, and say in a banner what became of them.

    Args:
        window: Parent of the file dialog.
        banner: Shows messages.

    Attributes:
        saving: Writes reports.
    """

    def __init__(self, window: QWidget, banner: Banner) -> None:
        super().__init__(window)
        self._banner = banner
        self.saving = ReportSaving(window)
        self.saving.saved.connect(self._on_saved)
        self.saving.failed.connect(self._on_failed)

    def _on_saved(self, path: Path) -> None:
        text = tr("The report was saved as %1.", str(path))
        url = QUrl.fromLocalFile(str(path))
        actions = [(tr("Open"), partial(QDesktopServices.openUrl, url))]
        self._banner.show_message(Severity.INFO, text, actions=actions)

    def _on_failed(self, message: str, details: str) -> None:
        self._banner.show_message(Severity.DANGER, message, details=details)


class ComparisonReportWiring(ReportPlace):
    """Save reports that a comparison asks for; it has no status bar, so the banner is one."""

    def __init__(self, dialog: "ComparisonDialog") -> None:
        super().__init__(dialog, dialog.banner)
        self.saving.status_changed.connect(self._on_status_changed)
        dialog.report_requested.connect(self.saving.ask)

    def _on_status_changed(self, text: str) -> None:
        if text:
            self._banner.show_message(Severity.INFO, text)
