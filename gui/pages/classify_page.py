"""The page Classify: bring pictures in any way, see what they show, keep the table."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.batch.class_folders import CopySummary
from core.batch.table import TABLE_TOP, save_table
from core.batch.unfinished import UnfinishedBatch
from core.models.imagenet import IMAGENET
from gui.background import Task, TaskContext
from gui.classifier_service import ClassifierService
from gui.classifying import ClassifiedBatch
from gui.controllers.classify_controller import ClassifyController
from gui.controllers.copy_controller import Copyable, CopyController
from gui.controllers.picture_intake import PictureIntake
from gui.controllers.unfinished_controller import UnfinishedController
from gui.file_manager import FileManager
from gui.models.classified_model import ClassifiedModel
from gui.theme import CONTROL_HEIGHT, GRID
from gui.thumbnails import ThumbnailLoader
from gui.widgets.banner import Banner, Severity
from gui.widgets.classified_detail import ClassifiedDetail
from gui.widgets.classified_table import ClassifiedTable
from gui.widgets.classify_progress import ClassifyProgress
from gui.widgets.empty_state import EmptyState
from gui.widgets.model_bar import ModelBar
from gui.wording import number, pictures

_SHARES = (2, 1)


class ClassifyPage(QWidget):
    """Table and detail of classified pictures; all of the page takes drops.

    Args:
        classifier: Answers.
        thumbnails: Gives the small pictures of the table.

    Signals:
        menu_requested: Selected paths, and a global point.
    """

    menu_requested = Signal(list, QPoint)

    def __init__(
        self,
        classifier: ClassifierService,
        thumbnails: ThumbnailLoader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._classifier = classifier
        self._controller = ClassifyController(classifier, self)
        self._intake = PictureIntake(self)
        self._labels: tuple[str, ...] = ()
        self._answered_by = ""
        self._unfinished: UnfinishedBatch | None = None
        self._has_looked = False
        self._is_first_batch = False
        self._work: Task | None = None
        self.model = ClassifiedModel(thumbnails, self)
        self.table = ClassifiedTable(self.model)
        self.detail = ClassifiedDetail()
        self.banner = Banner()
        self.progress = ClassifyProgress()
        self.copies = CopyController(self)
        self._batches = UnfinishedController(self)
        self._file_manager = FileManager(self)
        self._open = self._button(self.tr("Open pictures…"), self._intake.open_files)
        self._open_folder = self._button(self.tr("Open folder…"), self._intake.open_folder)
        self._save = self._button(self.tr("Save table…"), self._on_save_clicked)
        self._copy = self._button(self.tr("Copy into class folders…"), self._on_copy_clicked)
        self._clear = self._button(self.tr("Clear"), self.clear)
        self._empty = self._make_empty_state()
        self._results = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_state()

    def classify(self, paths: Sequence[Path]) -> None:
        """Classify pictures and the pictures in folders; adds to what is shown."""
        self._begin(paths, resume=False)

    def clear(self) -> None:
        """Remove all results and give up what is under way."""
        self._controller.cancel()
        self._forget_unfinished()
        self.model.clear()
        self.table.clear()
        self.detail.show_picture(None)
        self.banner.clear()
        self._show_state()

    def save_table_to(self, path: Path) -> None:
        """Write the pictures shown to a file, in the background: JSON or CSV by its name."""
        rows, top = self.table.shown_pictures(), min(TABLE_TOP, len(self._labels))
        threshold = self.table.threshold.value

        def write(_context: TaskContext) -> int:
            save_table(path, rows, top, threshold)
            return len(rows)

        def say(count: int) -> None:
            text = self.tr("Saved %1 to %2.").replace("%1", pictures(count))
            self.banner.show_message(Severity.INFO, text.replace("%2", str(path)))

        self._run(write, say)

    def go_on(self) -> None:
        """Take up the batch that was broken off and is offered."""
        batch, self._unfinished = self._unfinished, None
        if batch is None:
            return
        model = batch.question.model
        folder = None if model == IMAGENET else Path(model)
        if folder != self._classifier.folder:
            self._classifier.use_model(folder)
        self._begin(batch.question.paths, resume=True)

    def _begin(self, paths: Sequence[Path], *, resume: bool) -> None:
        if not paths:
            return
        self.banner.clear()
        self._is_first_batch = True
        self._answered_by = self._classifier.model_name
        self._controller.start(paths, resume=resume)
        self.progress.start()
        self._show_state()

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(text)
        button.clicked.connect(slot)
        return button

    def _make_empty_state(self) -> EmptyState:
        return EmptyState(
            "scan-search",
            self.tr("What is in a picture?"),
            self.tr(
                "Drop pictures or folders here, paste a picture, or open some.\n"
                "They stay where they are; nothing leaves this computer."
            ),
            [
                (self.tr("Open pictures…"), self._intake.open_files),
                (self.tr("Open folder…"), self._intake.open_folder),
                (self.tr("Paste"), self._intake.paste),
            ],
        )

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Classify"))
        title.setProperty("role", "title")
        title.setMinimumHeight(CONTROL_HEIGHT)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(title, 1)
        for button in (self._clear, self._save, self._copy, self._open_folder, self._open):
            head.addWidget(button)
        self._open.setProperty("kind", "primary")
        self._results.addWidget(self.table)
        self._results.addWidget(self.detail)
        for position, share in enumerate(_SHARES):
            self._results.setStretchFactor(position, share)
        self._results.setHandleWidth(2 * GRID)
        self._results.setChildrenCollapsible(False)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._results)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(head)
        layout.addWidget(ModelBar(self._classifier))
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.progress)

    def _connect(self) -> None:
        self.table.current_changed.connect(self.detail.show_picture)
        self.table.menu_requested.connect(self.menu_requested)
        self.table.threshold.changed.connect(self.detail.set_threshold)
        self.progress.cancel_requested.connect(self._controller.cancel)
        self.copies.finished.connect(self._on_copied)
        self._batches.found.connect(self._on_unfinished_found)
        self._controller.arrived.connect(self._on_arrived)
        self._controller.progressed.connect(self.progress.show_count)
        self._controller.failed.connect(self._on_failed)
        self._controller.finished.connect(self._on_finished)
        self._classifier.model_changed.connect(self._on_model_changed)
        self._classifier.failed.connect(self._on_failed)
        self._intake.brought.connect(self.classify)
        self._intake.failed.connect(self._on_failed)

    def _show_state(self) -> None:
        has_rows, is_running = self.model.rowCount() > 0, self._controller.is_running
        self._stack.setCurrentWidget(self._results if has_rows or is_running else self._empty)
        self.progress.setVisible(has_rows or is_running)
        for button in (self._save, self._copy):
            button.setEnabled(has_rows and not is_running)
        self._clear.setEnabled(has_rows or is_running)
        for button in (self._open, self._open_folder, self._copy, self._save, self._clear):
            button.setVisible(has_rows or is_running)

    def _on_arrived(self, batch: ClassifiedBatch) -> None:
        self._labels = batch.labels
        self.table.threshold.set_learned(batch.threshold)
        if batch.warning:
            self.banner.show_message(Severity.WARNING, batch.warning)
        self.model.append(batch.pictures)
        self.table.note_labels(batch.pictures)
        if self._is_first_batch and batch.pictures:
            self._is_first_batch = False
            self.table.select(batch.pictures[0].path)
        self._show_state()

    def _on_finished(self) -> None:
        self.progress.stop()
        self.table.sort_again()
        self._show_state()
        # Cancelled or failed, it can be gone on with.
        self._batches.look()

    def _on_failed(self, message: str, details: str = "") -> None:
        self.banner.show_message(Severity.DANGER, message, details=details)

    def _on_unfinished_found(self, batch: UnfinishedBatch) -> None:
        if self._controller.is_running:
            return
        self._unfinished = batch
        text = self.tr("Classifying was broken off at %1 of %2.")
        text = text.replace("%1", number(batch.num_done)).replace("%2", pictures(batch.num_total))
        actions = [(self.tr("Go on"), self.go_on), (self.tr("Forget"), self._on_forget_clicked)]
        self.banner.show_message(Severity.INFO, text, actions=actions)

    def _on_forget_clicked(self) -> None:
        self._forget_unfinished()
        self.banner.clear()

    def _forget_unfinished(self) -> None:
        if self._unfinished is not None:
            self._batches.forget(self._unfinished.question)
            self._unfinished = None

    def _on_copy_clicked(self) -> None:
        copyable = Copyable(
            tuple(self.model.pictures),
            self.table.shown_pictures(),
            self._labels,
            self.table.threshold.value,
        )
        self.copies.open(copyable)

    def _on_copied(self, summary: CopySummary, folder: Path) -> None:
        text = self.tr("Copied %1 to %2.").replace("%1", pictures(summary.num_copied))
        text = text.replace("%2", str(folder))
        if summary.num_present:
            present = self.tr("%1 had been copied there before.")
            text += " " + present.replace("%1", pictures(summary.num_present))
        if summary.failed:
            failed = self.tr("%1 could not be copied.")
            text += " " + failed.replace("%1", pictures(len(summary.failed)))
        details = "\n".join(f"{path}: {reason}" for path, reason in summary.failed)
        names = [folder / name for name in summary.folders] or [folder]
        show = (self.tr("Show folder"), lambda: self._file_manager.show_files(names[:1]))
        severity = Severity.WARNING if summary.failed else Severity.INFO
        self.banner.show_message(severity, text, details=details, actions=[show])

    def _on_model_changed(self) -> None:
        name = self._classifier.model_name
        if not self.model.rowCount() or name == self._answered_by:
            return
        text = self.tr("These answers are from %1, and %2 is in use now.")
        text = text.replace("%1", self._answered_by).replace("%2", name)
        again = self.tr("Classify again")
        self.banner.show_message(Severity.INFO, text, actions=[(again, self._classify_again)])

    def _classify_again(self) -> None:
        paths = [picture.path for picture in self.model.pictures]
        self.clear()
        self.classify(paths)

    def _run(self, function: object, on_done: object) -> None:
        self._work = Task(function)  # type: ignore[arg-type]
        self._work.succeeded.connect(on_done)
        self._work.failed.connect(self._on_failed)
        self._work.start()

    def _on_save_clicked(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the pictures shown as a table"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        csv, json = self.tr("Tables (*.csv)"), self.tr("JSON (*.json)")
        dialog.setNameFilters([csv, json])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if chosen == json else "csv")
        )
        dialog.selectFile(self.tr("classified"))
        dialog.fileSelected.connect(self._on_save_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_save_selected(self, name: str) -> None:
        self.save_table_to(Path(name))

    # Qt's own methods.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_looked:
            self._has_looked = True
            self._batches.look()
