"""What is done with many classified pictures: a table, copies, going on after a stop."""

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
from gui.look.language import tr
from gui.look.wording import number, pictures
from gui.pictures.file_manager import FileManager
from gui.widgets.banner import Banner, Severity
from gui.work.background import Task, TaskContext


class BatchActions(QObject):
    """Works on what the table holds and shows, and says how it went.

    Args:
        banner: Where it is said.
        model: All pictures.
        table: Which of them are shown, and below which probability they are unknown.
        page: Parent of the dialogs.

    Signals:
        go_on_requested: An `UnfinishedBatch` is to be gone on with.

    Attributes:
        labels: All classes of the model that answered.
        copies: Copies pictures into class folders.
        may_offer: Whether it is the time to offer a batch that was broken off.
    """

    go_on_requested = Signal(UnfinishedBatch)

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
        dialog = QFileDialog(self._page, tr("Save the pictures shown as a table"))
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
        """Write the pictures shown to a file, in the background: JSON or CSV by its name."""
        rows, top = self._table.shown_pictures(), min(TABLE_TOP, len(self.labels))
        threshold = self._table.unknown_below

        def write(_context: TaskContext) -> int:
            save_table(path, rows, top, threshold)
            return len(rows)

        def say(count: int) -> None:
            text = tr("Saved %1 to %2.", pictures(count))
            self._banner.show_message(Severity.INFO, text.replace("%2", str(path)))

        self._saving = Task(write, self)
        self._saving.succeeded.connect(say)
        self._saving.failed.connect(self._on_failed)
        self._saving.start()

    def ask_where_to_copy(self) -> None:
        """Ask for a folder to copy pictures to."""
        copyable = Copyable(
            tuple(self._model.rows),
            self._table.shown_pictures(),
            self.labels,
            self._table.unknown_below,
        )
        self.copies.open(copyable)

    def look(self) -> None:
        """Offer to go on with the newest batch that was broken off, if there is one."""
        self._unfinished.look()

    def forget(self) -> None:
        """Let go of the batch that is offered."""
        if self._offered is not None:
            self._unfinished.forget(self._offered.question)
            self._offered = None

    def go_on(self) -> None:
        """Take up the batch that is offered."""
        batch, self._offered = self._offered, None
        if batch is not None:
            self.go_on_requested.emit(batch)

    def _on_unfinished_found(self, batch: UnfinishedBatch) -> None:
        if not self.may_offer:
            return
        self._offered = batch
        text = tr("Classifying was broken off at %1 of %2.")
        text = text.replace("%1", number(batch.num_done)).replace("%2", pictures(batch.num_total))
        actions = [(tr("Go on"), self.go_on), (tr("Forget"), self._on_forget_clicked)]
        self._banner.show_message(Severity.INFO, text, actions=actions)

    def _on_forget_clicked(self) -> None:
        self.forget()
        self._banner.clear()

    def _on_copied(self, summary: CopySummary, folder: Path) -> None:
        text = tr("Copied %1 to %2.", pictures(summary.num_copied))
        text = text.replace("%2", str(folder))
        if summary.num_present:
            present = tr("%1 had been copied there before.")
            text += " " + present.replace("%1", pictures(summary.num_present))
        if summary.failed:
            failed = tr("%1 could not be copied.")
            text += " " + failed.replace("%1", pictures(len(summary.failed)))
        details = "\n".join(f"{path}: {reason}" for path, reason in summary.failed)
        names = [folder / name for name in summary.folders] or [folder]
        show = (tr("Show folder"), lambda: self._file_manager.show_files(names[:1]))
        severity = Severity.WARNING if summary.failed else Severity.INFO
        self._banner.show_message(severity, text, details=details, actions=[show])

    def _on_failed(self, message: str, details: str) -> None:
        self._banner.show_message(Severity.DANGER, message, details=details)
