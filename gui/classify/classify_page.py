"""The page Classify: add images in any way, see their classes, save the table."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.batch.kept_table import KeptTable
from core.batch.unfinished import UnfinishedBatch
from core.models.imagenet import IMAGENET
from gui.classifier.classifier_service import ClassifierService
from gui.classifier.classifying import ClassifiedBatch
from gui.classifier.image_intake import ImageIntake
from gui.classify.batch_actions import BatchActions
from gui.classify.classified_detail import ClassifiedDetail
from gui.classify.classified_model import ClassifiedModel
from gui.classify.classified_table import ClassifiedTable
from gui.classify.classify_controller import ClassifyController
from gui.classify.classify_head import ClassifyHead
from gui.classify.classify_progress import ClassifyProgress
from gui.classify.model_bar import ModelBar
from gui.classify.result_actions import ResultActions
from gui.image_views.thumbnails import ThumbnailLoader
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.banner import Banner, Severity
from gui.widgets.empty_state import EmptyState

_FRACTIONS = (2, 1)


class ClassifyPage(QWidget):
    """Table and detail of classified images; all of the page takes drops.

    Args:
        classifier: Classifies the images.
        thumbnails: Loads the thumbnails of the table, of no other page.

    Signals:
        menu_requested: Selected paths, and a global point.
        camera_requested: The page needs a camera panel; `add_camera` takes it.
        table_changed: The table has other images now, and no more are about to come.
    """

    menu_requested = Signal(list, QPoint)
    camera_requested = Signal()
    table_changed = Signal()

    def __init__(
        self,
        classifier: ClassifierService,
        thumbnails: ThumbnailLoader,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._classifier, self._thumbnails = classifier, thumbnails
        self._controller = ClassifyController(classifier, self)
        self._intake = ImageIntake(self)
        self._is_camera_shown = False
        self._answered_by = ""
        self._has_looked = False
        self._is_first_batch = False
        self._is_left = False
        self.model = ClassifiedModel(thumbnails, self)
        self.table = ClassifiedTable(self.model)
        self.detail = ClassifiedDetail()
        self.banner = Banner()
        self.progress = ClassifyProgress()
        self.model_bar = ModelBar(classifier)
        self.batches = BatchActions(self.banner, self.model, self.table, self)
        self._head = ClassifyHead()
        self._actions = ResultActions()
        self._camera: QWidget | None = None
        self._empty = self._make_empty_state()
        self._results = QSplitter(Qt.Orientation.Horizontal)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_as_model_sees()
        self._show_state()

    @property
    def is_classifying(self) -> bool:
        """Whether answers are about to come."""
        return self._controller.is_running

    def classify(self, paths: Sequence[Path]) -> None:
        """Classify images and the images in folders; adds to what is shown."""
        self._begin(paths, resume=False)

    def clear(self) -> None:
        """Remove all results and cancel what is in progress."""
        self.batches.forget()
        self._empty_table()
        self.table_changed.emit()

    def leave_project(self) -> KeptTable:
        """Return the table of the project that is closed, and show none; it can be resumed."""
        kept = self.kept_table()
        # What is in progress is none of the next project's business.
        self._is_left = self.is_classifying
        self._empty_table()
        self.table.threshold.reset()
        return kept

    def kept_table(self) -> KeptTable:
        """Return the table with what is needed to show it again."""
        threshold = self.table.threshold.learned
        return KeptTable(tuple(self.model.rows), self.batches.labels, threshold, self._answered_by)

    def show_kept_table(self, kept: KeptTable) -> None:
        """Show images that were classified earlier; those that are in the table stay."""
        images = [image for image in kept.images if self.model.row_of(image.path) is None]
        if not images:
            return
        if not self.model.rowCount() and not self._controller.is_running:
            self._answered_by = kept.model_name
        self._add(ClassifiedBatch(tuple(images), len(images), kept.labels, kept.threshold))
        self._show_state()
        self._on_model_changed()

    def _empty_table(self) -> None:
        self._controller.cancel()
        self.model.clear()
        self.table.clear()
        # Files may have changed when they are classified again.
        self._thumbnails.forget()
        self.detail.show_image(None)
        self.banner.clear()
        self._show_state()

    def add_camera(self, panel: QWidget) -> None:
        """Add the camera's panel, and show it."""
        self._camera = panel
        self._stack.addWidget(panel)
        self.show_camera()

    def show_camera(self) -> None:
        """Show the camera in place of the table; asks for a panel if there is none."""
        if self._camera is None:
            self.camera_requested.emit()
            return
        self._is_camera_shown = True
        self._show_state()

    def hide_camera(self) -> None:
        """Show the table again."""
        self._is_camera_shown = False
        self._show_state()

    def _resume(self, batch: UnfinishedBatch) -> None:
        """Resume an interrupted batch."""
        model = batch.question.model
        folder = None if model == IMAGENET else Path(model)
        if folder != self._classifier.folder:
            self._classifier.use_model(folder)
        self._begin(batch.question.paths, resume=True)

    def _begin(self, paths: Sequence[Path], *, resume: bool) -> None:
        if not paths:
            return
        self.banner.clear()
        self.batches.may_offer = self._is_camera_shown = False
        self._is_first_batch = True
        self._answered_by = self._classifier.model_name
        self._controller.start(paths, resume=resume)
        self.progress.start()
        self._show_state()

    def _make_empty_state(self) -> EmptyState:
        return EmptyState(
            "scan-search",
            tr("What is in a picture?"),
            tr(
                "Drop pictures or folders here, paste a picture, or open some.\n"
                "They stay where they are; nothing leaves this computer."
            ),
            [
                (tr("Open pictures…"), self._intake.open_files),
                (tr("Open folder…"), self._intake.open_folder),
                (tr("Paste"), self._intake.paste),
                (tr("Camera"), self.show_camera),
            ],
        )

    def _lay_out(self) -> None:
        self._results.addWidget(self.table)
        self._results.addWidget(self.detail)
        for position, fraction in enumerate(_FRACTIONS):
            self._results.setStretchFactor(position, fraction)
        self._results.setHandleWidth(2 * GRID)
        self._results.setChildrenCollapsible(False)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._results)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._head)
        layout.addWidget(self.model_bar)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self._actions)

    def _connect(self) -> None:
        self.table.current_changed.connect(self.detail.show_image)
        self.table.menu_requested.connect(self.menu_requested)
        self.table.unknown_below_changed.connect(self.detail.set_threshold)
        self.progress.cancel_requested.connect(self._controller.cancel)
        self.batches.resume_requested.connect(self._resume)
        self._actions.clear_requested.connect(self.clear)
        self._actions.save_requested.connect(self.batches.ask_where_to_save)
        self._actions.copy_requested.connect(self.batches.ask_where_to_copy)
        self._head.open_folder_requested.connect(self._intake.open_folder)
        self._head.open_requested.connect(self._intake.open_files)
        self._head.camera_requested.connect(self.show_camera)
        self._controller.arrived.connect(self._on_arrived)
        self._controller.progressed.connect(self.progress.show_count)
        self._controller.failed.connect(self.show_failure)
        self._controller.finished.connect(self._on_finished)
        self._classifier.model_changed.connect(self._on_model_changed)
        self._classifier.failed.connect(self.show_failure)
        self._intake.brought.connect(self.classify)
        self._intake.failed.connect(self.show_failure)

    def _show_state(self) -> None:
        has_rows, is_running = self.model.rowCount() > 0, self._controller.is_running
        visible: QWidget = self._results if has_rows or is_running else self._empty
        if self._is_camera_shown and self._camera is not None:
            visible = self._camera
        self._stack.setCurrentWidget(visible)
        self.progress.setVisible(is_running)
        self._actions.setVisible(has_rows and not is_running and visible is self._results)
        self._head.show_state(has_table=visible is self._results, is_camera=self._is_camera_shown)

    def _on_arrived(self, batch: ClassifiedBatch) -> None:
        if batch.warning:
            self.banner.show_message(Severity.WARNING, shown(batch.warning))
        self._add(batch)
        if self._is_first_batch and batch.images:
            self._is_first_batch = False
            self.table.select(batch.images[0].path)
        self._show_state()

    def _add(self, batch: ClassifiedBatch) -> None:
        self.batches.labels = batch.labels
        self.table.note_num_classes(len(batch.labels))
        self.table.set_learned_threshold(batch.threshold)
        self.model.append(batch.images)
        self.table.note_labels(batch.images)

    def _on_finished(self) -> None:
        self.progress.stop()
        if self._is_left:
            self._is_left = False
            self._show_state()
            return
        self.table.sort_again()
        self._show_state()
        # A cancelled or failed batch can be resumed.
        self.batches.may_offer = True
        self.batches.look()
        self.table_changed.emit()

    def show_failure(self, message: str, details: str = "") -> None:
        """Show an error above the images."""
        self.banner.show_message(Severity.DANGER, shown(message), details=details)

    def _on_model_changed(self) -> None:
        self._show_as_model_sees()
        name = self._classifier.model_name
        if not self.model.rowCount() or name == self._answered_by:
            return
        answered_by = self._answered_by
        text = tr("These results are from %1; the current model is %2.", answered_by, name)
        again = tr("Classify again")
        self.banner.show_message(Severity.INFO, text, actions=[(again, self._classify_again)])

    def _show_as_model_sees(self) -> None:
        sample_bits = self._classifier.sample_bits
        self._thumbnails.set_sample_bits(sample_bits)
        self.detail.preview.set_sample_bits(sample_bits)

    def _classify_again(self) -> None:
        paths = [image.path for image in self.model.rows]
        self.clear()
        self.classify(paths)

    # Qt's own methods.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._has_looked:
            self._has_looked = True
            self.batches.look()
