"""The page Classify: bring pictures in any way, see what they show, keep the table."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
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

from core.batch.table import TABLE_TOP, save_table
from gui.background import Task, TaskContext
from gui.classifier_service import ClassifierService
from gui.classifying import ClassifiedBatch
from gui.controllers.classify_controller import ClassifyController
from gui.controllers.picture_intake import PictureIntake
from gui.models.classified_model import ClassifiedModel
from gui.theme import CONTROL_HEIGHT, GRID
from gui.thumbnails import ThumbnailLoader
from gui.widgets.banner import Banner, Severity
from gui.widgets.classified_detail import ClassifiedDetail
from gui.widgets.classified_table import ClassifiedTable
from gui.widgets.classify_progress import ClassifyProgress
from gui.widgets.empty_state import EmptyState
from gui.widgets.model_bar import ModelBar
from gui.wording import pictures

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
        self._num_classes = 0
        self._answered_by = ""
        self._is_first_batch = False
        self._work: Task | None = None
        self.model = ClassifiedModel(thumbnails, self)
        self.table = ClassifiedTable(self.model)
        self.detail = ClassifiedDetail()
        self.banner = Banner()
        self.progress = ClassifyProgress()
        self._open = self._button(self.tr("Open pictures…"), self._intake.open_files)
        self._open_folder = self._button(self.tr("Open folder…"), self._intake.open_folder)
        self._save = self._button(self.tr("Save CSV…"), self._on_save_clicked)
        self._clear = self._button(self.tr("Clear"), self.clear)
        self._empty = self._make_empty_state()
        self._results = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_state()

    def classify(self, paths: Sequence[Path]) -> None:
        """Classify pictures and the pictures in folders; adds to what is shown."""
        if not paths:
            return
        self.banner.clear()
        self._is_first_batch = True
        self._answered_by = self._classifier.model_name
        self._controller.start(paths)
        self.progress.start()
        self._show_state()

    def clear(self) -> None:
        """Remove all results and give up what is under way."""
        self._controller.cancel()
        self.model.clear()
        self.table.clear()
        self.detail.show_picture(None)
        self.banner.clear()
        self._show_state()

    def save_csv_to(self, path: Path) -> None:
        """Write the pictures shown to a file, in the background."""
        rows, top = self.table.shown_pictures(), min(TABLE_TOP, self._num_classes)

        def write(_context: TaskContext) -> int:
            save_table(path, rows, top, 0)
            return len(rows)

        def say(count: int) -> None:
            text = self.tr("Saved %1 to %2.").replace("%1", pictures(count))
            self.banner.show_message(Severity.INFO, text.replace("%2", str(path)))

        self._run(write, say)

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
        for button in (self._clear, self._save, self._open_folder, self._open):
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
        self.progress.cancel_requested.connect(self._controller.cancel)
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
        self._save.setEnabled(has_rows and not is_running)
        self._clear.setEnabled(has_rows or is_running)
        for button in (self._open, self._open_folder, self._save, self._clear):
            button.setVisible(has_rows or is_running)

    def _on_arrived(self, batch: ClassifiedBatch) -> None:
        self._num_classes = batch.num_classes
        self.model.append(batch.pictures)
        self.table.note_labels(batch.pictures)
        if self._is_first_batch:
            self._is_first_batch = False
            self.table.select(batch.pictures[0].path)
        self._show_state()

    def _on_finished(self) -> None:
        self.progress.stop()
        self.table.sort_again()
        self._show_state()

    def _on_failed(self, message: str, details: str = "") -> None:
        self.banner.show_message(Severity.DANGER, message, details=details)

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
        dialog.setNameFilter(self.tr("Tables (*.csv)"))
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(self.tr("classified.csv"))
        dialog.fileSelected.connect(self._on_save_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_save_selected(self, name: str) -> None:
        self.save_csv_to(Path(name))
