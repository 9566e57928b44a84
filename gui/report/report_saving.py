"""Saves reports from the window."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.report.report_file import ReportForm, report_form, write_report_file
from gui.look.language import shown, tr
from gui.work.background import Task, TaskContext


class ReportSaving(QObject):
    """Ask for a file, then write a report in the background.

    Args:
        window: Parent of the dialog.

    Signals:
        saved: The file.
        failed: A message to show, and details (may be empty).
        status_changed: What is being done; "" for nothing.
    """

    saved = Signal(Path)
    failed = Signal(str, str)
    status_changed = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._runs: tuple[Path, ...] = ()
        self._dialog: QFileDialog | None = None

    def ask(self, runs: Sequence[Path]) -> None:
        """Ask where to save a report on a run, or a comparison of several.

        Args:
            runs: Run folders.
        """
        self._runs = tuple(runs)
        dialog = QFileDialog(self._window, tr("Save the report as"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("Web page (*.html)"), tr("PDF (*.pdf)")])
        dialog.setDefaultSuffix(ReportForm.HTML)
        name = tr("Report") if len(runs) == 1 else tr("Comparison")
        dialog.selectFile(f"{name}.{ReportForm.HTML}")
        dialog.filterSelected.connect(self._on_filter_selected)
        dialog.fileSelected.connect(self._on_file_selected)
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    def save(self, runs: Sequence[Path], path: Path) -> None:
        """Write a report; a file that is there is replaced, as the dialog has asked."""
        task = Task(partial(_write, tuple(runs), path), self)
        task.succeeded.connect(self.saved)
        task.failed.connect(self.failed)
        task.ended.connect(self._on_ended)
        self.status_changed.emit(tr("Writing the report"))
        task.start()

    def _on_filter_selected(self, name_filter: str) -> None:
        if self._dialog is not None:
            is_pdf = f"*.{ReportForm.PDF}" in name_filter
            self._dialog.setDefaultSuffix(ReportForm.PDF if is_pdf else ReportForm.HTML)

    def _on_file_selected(self, file: str) -> None:
        path = Path(file)
        if report_form(path) is None:
            text = tr("The name of a report ends in .html or .pdf: choose another name.")
            self.failed.emit(text, "")
            return
        self.save(self._runs, path)

    def _on_ended(self) -> None:
        self.status_changed.emit("")


def _write(runs: tuple[Path, ...], path: Path, context: TaskContext) -> Path:
    # Imported here: the window starts without them.
    from core.report.html_page import html_page
    from core.report.report import make_report
    from gui.report.pdf_document import pdf_document

    report = make_report(runs)
    context.check()
    is_pdf = report_form(path) is ReportForm.PDF
    content = pdf_document(report, shown) if is_pdf else html_page(report, shown)
    context.check()
    write_report_file(path, content, force=True)
    return path
