"""Connects the menu of images with all pages."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QPoint

from gui.classifier.image_menu import ImageMenu
from gui.classify.classify_page import ClassifyPage
from gui.images.images_controller import ImagesController
from gui.images.images_page import ImagesPage
from gui.project.project_controller import ProjectController
from gui.results.results_page import ResultsPage


class ImageMenuWiring(QObject):
    """Connect the menu with the pages that show images.

    Args:
        menu: The menu; it edits the project.
        project: Knows which images are excluded.
        images: Makes edits; knows the classes.
        images_page: Shows images of the project, as `results_page` does.
        classify_page: Shows any images.
        show_classify: Brings `classify_page` to the front.
    """

    def __init__(
        self,
        menu: ImageMenu,
        project: ProjectController,
        images: ImagesController,
        images_page: ImagesPage,
        results_page: ResultsPage,
        classify_page: ClassifyPage,
        show_classify: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._menu, self._project, self._images = menu, project, images
        self._classify_page, self._show_classify = classify_page, show_classify
        images_page.menu_requested.connect(self._on_project_menu_requested)
        images_page.opened.connect(self._on_image_opened)
        results_page.menu_requested.connect(self._on_project_menu_requested)
        classify_page.menu_requested.connect(self._on_other_menu_requested)
        menu.move_requested.connect(images.edits.move)
        menu.exclude_requested.connect(images.edits.exclude)
        menu.include_requested.connect(images.edits.include)
        menu.open_in_classify_requested.connect(self._classify)

    def _classify(self, paths: list[Path]) -> None:
        self._show_classify()
        self._classify_page.classify(paths)

    def _on_image_opened(self, path: Path) -> None:
        self._classify([path])

    def _on_project_menu_requested(self, paths: list[Path], point: QPoint) -> None:
        edits = self._project.project.edits
        excluded = bool(paths) and all(path in edits.excluded for path in paths)
        self._menu.popup(paths, point, labels=self._images.labels, editable=True, excluded=excluded)

    def _on_other_menu_requested(self, paths: list[Path], point: QPoint) -> None:
        self._menu.popup(paths, point)
