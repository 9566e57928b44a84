"""Actions on many classified images: save a table, copy, resume after an interruption."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.batch.class_folders import CopySummary
from core.batch.table import TABLE_TOP, save_table
from core.batch.unfinished import UnfinishedBatch
from gui.classify.classified_model import ClassifiedModel
from gui.classify.classified_table import ClassifiedTable
from gui.classify.copy_controller import Copyable, CopyController
from gui.classify.unfinished_controller import UnfinishedController
from gui.image_views.file_manager import FileManager
from gui.look.language import shown, tr, tr_count
from gui.widgets.banner import Banner, Severity
from gui.work.background import Task, TaskContext


class BatchActions(QObject):
    """Acts on the images of the table, and reports the outcome.

    Args:
        banner: Shows the outcome.
        model: All images.
        table: The images shown, and the threshold for unknown ones.
        page: Parent of the dialogs.

    Signals:
        resume_requested: An `UnfinishedBatch` to resume.

    Attributes:
        labels: All classes of the model that answered.
        copies: Copies images into class folders.
        may_offer: Whether an interrupted batch may be offered now.
    """

    resume_requested = Signal(UnfinishedBatch)

    def __init__(
        self, banner: Banner, model: ClassifiedModel, table: ClassifiedTable, page: QWidget
    ) -> None:
        super().__init__(page)
        self._banner, self._model, self._table, self._page = banner, model, table, page
        self.labels: tuple[str, ...] = ()
        self.may_offer = True
        self.copies = CopyController(page)
        self.copies.finished.connect(self._on_copied)
        self._unfinished = UnfinishedController(self)
        self._unfinished.found.connect(self._on_unfinished_found)
        self._offered: UnfinishedBatch | None = None
        self._file_manager = FileManager(self)
        self._saving: Task | None = None

    def ask_where_to_save(self) -> None:
        """Ask for the file of a table."""
        dialog = QFileDialog(self._page, tr("Save shown pictures as a table"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        csv, json = tr("Tables (*.csv)"), tr("JSON (*.json)")
        dialog.setNameFilters([csv, json])
        dialog.setDefaultSuffix("csv")

        def follow(chosen: str) -> None:
            dialog.setDefaultSuffix("json" if chosen == json else "csv")

        dialog.filterSelected.connect(follow)
        dialog.selectFile(tr("classified"))
        dialog.fileSelected.connect(lambda name: self.save_table_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_table_to(self, path: Path) -> None:
        """Save the images shown to a JSON or CSV file, by its name, in the background."""
        rows, top = self._table.shown_images(), min(TABLE_TOP, len(self.labels))
        threshold = self._table.unknown_below

        def write(_context: TaskContext) -> int:
            save_table(path, rows, top, threshold)
            return len(rows)

        def say(count: int) -> None:
            text = tr_count("Saved %n picture(s) to %1.", "", count, str(path))
            self._banner.show_message(Severity.INFO, text)

        self._saving = Task(write, self)
        self._saving.succeeded.connect(say)
        self._saving.failed.connect(self._on_failed)
        self._saving.start()

    def ask_where_to_copy(self) -> None:
        """Ask for a folder to copy images to."""
        copyable = Copyable(
            tuple(self._model.rows),
            self._table.shown_images(),
            self.labels,
            self._table.unknown_below,
        )
        self.copies.open(copyable)

    def look(self) -> None:
        """Offer to resume the newest interrupted batch, if there is one."""
        self._unfinished.look()

    def forget(self) -> None:
        """Discard the batch that is offered."""
        if self._offered is not None:
            self._unfinished.forget(self._offered.question)
            self._offered = None

    def resume(self) -> None:
        """Resume the batch that is offered."""
        batch, self._offered = self._offered, None
        if batch is not None:
            self.resume_requested.emit(batch)

    def _on_unfinished_found(self, batch: UnfinishedBatch) -> None:
        if not self.may_offer:
            return
        self._offered = batch
        done, total = batch.num_done, batch.num_total
        text = tr_count("Classifying was interrupted at %1 of %n picture(s).", "", total, done)
        actions = [(tr("Resume"), self.resume), (tr("Discard"), self._on_discard_clicked)]
        self._banner.show_message(Severity.INFO, text, actions=actions)

    def _on_discard_clicked(self) -> None:
        self.forget()
        self._banner.clear()

    def _on_copied(self, summary: CopySummary, folder: Path) -> None:
        texts = [tr_count("Copied %n picture(s) to %1.", "", summary.num_copied, str(folder))]
        if summary.num_present:
            present = summary.num_present
            texts.append(tr_count("%n picture(s) (was|were) already there.", "", present))
        if summary.failed:
            failed = len(summary.failed)
            texts.append(tr_count("%n picture(s) could not be copied.", "", failed))
        details = "\n".join(f"{path}: {shown(reason)}" for path, reason in summary.failed)
        names = [folder / name for name in summary.folders] or [folder]
        show = (tr("Show folder"), lambda: self._file_manager.show_files(names[:1]))
        severity = Severity.WARNING if summary.failed else Severity.INFO
        self._banner.show_message(severity, " ".join(texts), details=details, actions=[show])

    def _on_failed(self, message: str, details: str) -> None:
        self._banner.show_message(Severity.DANGER, shown(message), details=details)
