"""The ways to bring images to a page: drop, paste, open."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from core.image_reading.image_formats import IMAGE_SUFFIXES
from gui.classifier.pasted import image_of, local_paths, save_pasted
from gui.image_views.dropped import Dropped
from gui.look.language import tr, tr_count
from gui.widgets.drop_overlay import DropOverlay
from gui.work.background import Task, TaskContext


class ImageIntake(QObject):
    """Handles drops and Ctrl+V for a page, and opens its file dialogs.

    Args:
        page: Accepts drops everywhere.

    Signals:
        brought: Files and folders to classify.
        failed: A message, and details (may be empty).
    """

    brought = Signal(list)
    failed = Signal(str, str)

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self._dropped = Dropped()
        self._saving: Task | None = None
        self.overlay = DropOverlay(page)
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), page)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)

    def paste(self) -> None:
        """Take the files or the image on the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        paths, image = local_paths(data), image_of(data)
        if paths:
            self.brought.emit(paths)
        elif image is not None:
            self._save(image)
        else:
            text = tr("No picture on the clipboard. Copy a picture or a file first.")
            self.failed.emit(text, "")

    def open_files(self) -> None:
        """Let the user choose images."""
        dialog = QFileDialog(self._page, tr("Open pictures"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        suffixes = " ".join(f"*.{suffix}" for suffix in sorted(IMAGE_SUFFIXES))
        # First, since pictures may have no suffix or an odd one.
        dialog.setNameFilters([tr("All files (*)"), tr("Pictures (%1)", suffixes)])
        self._open(dialog)

    def open_folder(self) -> None:
        """Let the user choose a folder of images."""
        dialog = QFileDialog(self._page, tr("Open a folder of pictures"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.filesSelected.connect(self._on_files_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_files_selected(self, names: list[str]) -> None:
        self.brought.emit([Path(name) for name in names])

    def _save(self, image: QImage) -> None:
        def save(_context: TaskContext) -> Path:
            return save_pasted(image)

        self._saving = Task(save)
        self._saving.succeeded.connect(self._on_saved)
        self._saving.failed.connect(self.failed)
        self._saving.start()

    def _on_saved(self, path: Path) -> None:
        self.brought.emit([path])

    def _describe(self, data: QMimeData) -> str:
        """Return the effect of a drop in words; "" if it can't be dropped here."""
        num_images, folders = len(self._dropped.images), self._dropped.folders
        if num_images and folders:
            return tr_count("Classify %n picture(s) and the pictures in folders", "", num_images)
        if num_images:
            return tr_count("Classify %n picture(s)", "", num_images)
        if len(folders) > 1:
            return tr_count("Classify the pictures in %n folder(s)", "", len(folders))
        if folders:
            return tr("Classify the pictures in “%1”", folders[0].name)
        return tr("Classify this picture") if image_of(data) is not None else ""

    def _on_drag(self, event: QDropEvent) -> None:
        text = self._describe(event.mimeData())
        if not text:
            event.ignore()
            return
        # Never a move: the source of the drag would delete the images afterwards.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if isinstance(event, QDragMoveEvent):
            self.overlay.show_text(text)
            return
        self.overlay.hide()
        paths, image = [*self._dropped.images, *self._dropped.folders], image_of(event.mimeData())
        if paths:
            self.brought.emit(paths)
        elif image is not None:
            self._save(image)

    # Qt's own methods.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            self._dropped = Dropped.from_mime(event.mimeData())
        if isinstance(event, QDropEvent):  # moves and enters are drops to Qt
            self._on_drag(event)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self.overlay.hide()
            return True
        return super().eventFilter(watched, event)
