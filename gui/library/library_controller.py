"""Does what the page Projects asks for."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit

from core.batch.folder_names import safe_name
from core.errors import FieldguideError
from core.library.covers import cover_images
from core.library.duplicate import duplicate_project
from core.library.entry import Entry
from core.library.library import (
    describe,
    entries,
    rename_project,
    take_over_runs,
)
from core.library.project_archive import export_project, import_project
from core.runs.run_folder import RunFolder
from core.storage.app_dirs import projects_dir
from core.storage.folder_size import folder_bytes
from gui.image_views.file_manager import FileManager
from gui.library.library_model import LibraryRow
from gui.library.library_page import LibraryPage
from gui.look.language import shown, tr
from gui.project.project_controller import ProjectController
from gui.project.trash import Trashed, bring_back, move_to_trash
from gui.widgets.banner import Severity
from gui.work.background import Task, TaskContext

_ZIP = ".zip"
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class LibraryController(QObject):
    """Connect the page with the library.

    Args:
        page: The page.
        project: The open project.
        is_training: Returns whether a training is in progress, which belongs to that project.

    Signals:
        opened: A project was opened from the page.
        page_requested: Show the page again: the open project was deleted there, or is back.
        shut_down: After `shutdown`: no work is left.
    """

    opened = Signal()
    page_requested = Signal()
    shut_down = Signal()

    def __init__(
        self,
        page: LibraryPage,
        project: ProjectController,
        is_training: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._project, self._is_training = page, project, is_training
        self._files = FileManager(self)
        self._reading: Task | None = None
        self._work: Task | None = None
        self._is_shutting_down = False
        page.project_chosen.connect(self._on_project_chosen)
        page.rename_requested.connect(self._on_rename_requested)
        page.duplicate_requested.connect(self._on_duplicate_requested)
        page.export_requested.connect(self._on_export_requested)
        page.import_requested.connect(self._on_import_requested)
        page.reveal_requested.connect(self._on_reveal_requested)
        page.delete_requested.connect(self._on_delete_requested)
        page.progress.cancel_requested.connect(self._on_cancel_requested)
        project.title_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Read the library anew, in the background."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = Task(partial(_read_library, self._project.entry, self._project.title), self)
        self._reading.succeeded.connect(self._on_library_read)
        self._reading.failed.connect(self._tell)
        self._reading.start()

    def shutdown(self) -> None:
        """Stop the work, and emit `shut_down` when none is left."""
        self._is_shutting_down = True
        for task in (self._reading, self._work):
            if task is not None:
                task.cancel()
        if self._work is None:
            self.shut_down.emit()

    def import_file(self, path: Path) -> None:
        """Make a project of a zip, in the background."""

        def work(context: TaskContext) -> Entry:
            def report(_count: int) -> None:
                context.check()
                context.report(None)

            return import_project(path, report)

        self._begin(tr("Importing %1", path.name), work, self._on_imported)

    def export_to(self, row: LibraryRow, target: Path) -> None:
        """Write a project into a zip, in the background."""
        self._project.save_now()

        def work(context: TaskContext) -> Path:
            def report(done: int, total: int) -> None:
                context.check()
                context.report(done / total)

            export_project(row.project.entry, target, report)
            return target

        self._begin(tr("Exporting “%1”", row.project.name), work, self._on_exported)

    def delete(self, row: LibraryRow) -> None:
        """Move a project with its runs to the trash; its pictures elsewhere stay."""
        entry = row.project.entry
        is_open = entry == self._project.entry
        if (is_open and self._is_training()) or _is_any_training(entry):
            self._tell(tr("Stop training before you delete its project."))
            return
        self._project.save_now()
        file = entry.project_file
        try:
            trashed = move_to_trash(entry.folder)
        except FieldguideError as error:
            self._tell(shown(str(error)))
            self.refresh()
            return
        if file == entry.own_project_file:
            self._project.forget_recent(file)
        if is_open:
            self._project.new()
            self.page_requested.emit()
        self._page.banner.show_message(
            Severity.INFO,
            tr(
                "“%1” is in the trash, with its trainings. Its pictures stay where they are.",
                row.project.name,
            ),
            actions=((tr("Undo"), partial(self._bring_back, trashed, file if is_open else None)),),
        )
        self.refresh()

    def _bring_back(self, trashed: Trashed, opened: Path | None) -> None:
        """Undo a deletion.

        Args:
            opened: The file of the project if it was open; None if it wasn't.
        """
        self._page.banner.clear()
        is_back = self._try(partial(bring_back, trashed))
        if is_back and opened is not None and self._project.entry is None:
            self._project.open(opened)
            self.page_requested.emit()

    def _on_library_read(self, rows: list[LibraryRow]) -> None:
        self._reading = None
        self._page.set_rows(rows, str(projects_dir()))

    def _on_project_chosen(self, row: LibraryRow) -> None:
        if row.project.problem:
            self._tell(shown(row.project.problem))
        elif row.project.entry == self._project.entry:
            self.opened.emit()
        elif self._is_training():
            self._tell(tr("Stop training before you open another project."))
        else:
            self._project.open(row.project.entry.project_file)
            self.opened.emit()

    def _on_rename_requested(self, row: LibraryRow) -> None:
        dialog = QInputDialog(self._page)
        dialog.setObjectName("Rename project")
        dialog.setWindowTitle(tr("Rename project"))
        dialog.setLabelText(tr("Name of the project"))
        dialog.setTextValue(row.project.name)
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.setOkButtonText(tr("Rename"))
        dialog.textValueSelected.connect(partial(self._rename, row))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rename(self, row: LibraryRow, name: str) -> None:
        if not name.strip():
            return
        if row.project.entry == self._project.entry:
            self._project.rename(name)
        else:
            self._try(partial(rename_project, row.project.entry, name))

    def _on_duplicate_requested(self, row: LibraryRow) -> None:
        self._project.save_now()

        def work(context: TaskContext) -> Entry:
            return duplicate_project(row.project.entry, context.check)

        self._begin(tr("Duplicating “%1”", row.project.name), work, lambda _entry: None)

    def _on_reveal_requested(self, row: LibraryRow) -> None:
        self._files.show_files([row.project.entry.project_file])

    def _on_delete_requested(self, row: LibraryRow) -> None:
        self.delete(row)

    def _on_export_requested(self, row: LibraryRow) -> None:
        dialog = QFileDialog(self._page, tr("Export the project with its pictures and models"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(_ZIP.removeprefix("."))
        dialog.setNameFilter(tr("Archives (*%1)", _ZIP))
        dialog.selectFile(safe_name(row.project.name) + _ZIP)
        dialog.fileSelected.connect(lambda file: self.export_to(row, Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_import_requested(self) -> None:
        dialog = QFileDialog(self._page, tr("Import a project"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(tr("Archives (*%1)", _ZIP))
        dialog.fileSelected.connect(lambda file: self.import_file(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # Work in the background.

    def _begin(
        self,
        text: str,
        work: Callable[[TaskContext], object],
        on_succeeded: Callable[..., object],
    ) -> None:
        if self._work is not None:
            self._tell(tr("Wait until the work at hand is done, or cancel it."))
            return
        self._page.banner.clear()
        self._page.progress.show_progress(text, None)
        self._work = Task(work, self)
        self._work.progressed.connect(partial(self._on_progressed, text))
        self._work.succeeded.connect(on_succeeded)
        self._work.failed.connect(self._tell)
        self._work.ended.connect(self._on_work_ended)
        self._work.start()

    def _on_progressed(self, text: str, fraction: float | None) -> None:
        self._page.progress.show_progress(text, fraction)

    def _on_cancel_requested(self) -> None:
        if self._work is not None:
            self._work.cancel()

    def _on_imported(self, entry: Entry) -> None:
        text = tr("“%1” was imported.", describe(entry).name)
        self._page.banner.show_message(Severity.INFO, text)

    def _on_exported(self, target: Path) -> None:
        text = tr("The project is in %1.", str(target))
        self._page.banner.show_message(
            Severity.INFO,
            text,
            actions=((tr("Show folder"), lambda: self._files.show_files([target])),),
        )

    def _on_work_ended(self) -> None:
        self._work = None
        self._page.progress.show_idle()
        if self._is_shutting_down:
            self.shut_down.emit()
        else:
            self.refresh()

    def _try(self, action: Callable[[], object]) -> bool:
        """Do something quick to the library, show it anew, and return whether it was done."""
        is_done = True
        try:
            action()
        except FieldguideError as error:
            self._tell(shown(str(error)))
            is_done = False
        self.refresh()
        return is_done

    def _tell(self, message: str, details: str = "") -> None:
        self._page.banner.show_message(Severity.WARNING, message, details=details)


def _is_any_training(entry: Entry) -> bool:
    """Return whether a run in the entry's folder is in progress, one of the command line's too."""
    return any(RunFolder(run).is_locked() for run in entry.own_runs())


def _read_library(opened: Entry | None, title: str, context: TaskContext) -> list[LibraryRow]:
    """Read all projects, the one used last first; those of earlier versions are taken over.

    Args:
        title: Name of the open project, whose file may not have it yet.
    """
    take_over_runs()
    rows = []
    for entry in entries():
        context.check()
        project = describe(entry)
        if entry == opened:
            project = replace(project, name=title)
        rows.append(
            LibraryRow(
                project,
                cover_images(project.sources),
                folder_bytes(entry.folder),
                is_open=entry == opened,
            )
        )
    return sorted(rows, key=_last_used, reverse=True)


def _last_used(row: LibraryRow) -> tuple[bool, datetime]:
    return row.is_open, row.project.modified or _LONG_AGO
