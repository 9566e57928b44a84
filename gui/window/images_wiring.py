"""Connects the Images page with the window: adding, drops, findings, changes on disk."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint

from core.data.dataset import ImageSource
from core.data.edits.edited_images import EditedImages
from gui.image_views.dropped import Dropped
from gui.image_views.thumbnails import ThumbnailLoader
from gui.images.class_menu import ClassMenu
from gui.images.disk_watch import DiskWatch
from gui.images.drop_controller import DropController
from gui.images.findings_dialog import FindingsDialog
from gui.images.images_controller import ImagesController
from gui.images.images_page import ImagesPage
from gui.look.language import tr
from gui.widgets.banner import Severity
from gui.window.file_dialogs import FileDialogs
from gui.window.main_window import MainWindow
from resources import resource_path


class ImagesWiring(QObject):
    """Connect the page with its controller, dialogs, drops and the disk.

    Args:
        window: Parent of dialogs and menus; shows the page.
        page: The page.
        images: Scans, checks and edits the images.
        thumbnails: Dropped when files have changed.
        dialogs: Ask for files.
        drops: Handles drops on the window.
    """

    def __init__(
        self,
        window: MainWindow,
        page: ImagesPage,
        images: ImagesController,
        thumbnails: ThumbnailLoader,
        dialogs: FileDialogs,
        drops: DropController,
    ) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._images, self._thumbnails = images, thumbnails
        self._drops = drops
        self._findings_dialog: FindingsDialog | None = None
        self.watch = DiskWatch(self)
        self.watch.changed.connect(self._on_disk_changed)
        page.add_requested.connect(dialogs.ask_for_folder)
        page.add_files_requested.connect(dialogs.ask_for_files)
        page.sample_requested.connect(self._on_sample_requested)
        page.review_requested.connect(self._on_review_requested)
        page.class_menu_requested.connect(self._on_class_menu_requested)
        page.class_remove_requested.connect(images.edits.remove_class)
        dialogs.paths_chosen.connect(self._on_paths_chosen)
        drops.sources_dropped.connect(self._on_sources_dropped)
        images.sources_scanned.connect(self.watch.watch)
        images.images_changed.connect(self._on_images_changed)
        images.busy_changed.connect(partial(window.set_activity, "images"))
        page.check_state.changed.connect(self._on_check_changed)

    def show_page(self) -> None:
        """Bring the page to the front."""
        self._window.show_page(self._page)

    def look_again(self) -> None:
        """Rescan; thumbnails are dropped, since files may have changed."""
        self._thumbnails.forget()
        self._images.look_again()

    def _on_paths_chosen(self, paths: list[Path]) -> None:
        self._drops.take(Dropped.from_paths(paths))

    def _on_sample_requested(self) -> None:
        self._on_paths_chosen([resource_path("sample")])

    def _on_sources_dropped(self, sources: list[ImageSource]) -> None:
        self.show_page()
        self._images.add(sources)

    def _on_disk_changed(self, folder: str) -> None:
        text = tr("Files in “%1” have changed.", Path(folder).name)
        actions = ((tr("Rescan folders"), self.look_again),)
        self._page.show_message(Severity.INFO, text, actions=actions)

    def _on_images_changed(self, _images: EditedImages | None) -> None:
        if self._findings_dialog is not None:
            self._findings_dialog.set_findings(self._images.findings)

    def _on_check_changed(self) -> None:
        self._thumbnails.set_sample_bits(self._page.check_state.sample_bits)

    def _on_review_requested(self) -> None:
        dialog = FindingsDialog(self._window)
        dialog.set_findings(self._images.findings)
        dialog.exclude_requested.connect(self._images.edits.exclude)
        dialog.show_requested.connect(self._on_show_image)
        dialog.finished.connect(self._on_findings_closed)
        self._findings_dialog = dialog
        dialog.show()

    def _on_findings_closed(self, _code: int) -> None:
        if self._findings_dialog is not None:
            self._findings_dialog.deleteLater()
        self._findings_dialog = None

    def _on_show_image(self, path: Path) -> None:
        self.show_page()
        self._page.show_image(path)

    def _on_class_menu_requested(self, name: str, point: QPoint) -> None:
        menu = ClassMenu(name, self._images.labels, self._window)
        menu.rename_chosen.connect(self._page.edit_chosen_class)
        menu.merge_chosen.connect(partial(self._images.edits.rename_class, name))
        menu.remove_chosen.connect(partial(self._images.edits.remove_class, name))
        menu.show_at(point)
