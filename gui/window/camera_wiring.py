"""Connects the camera with the window: its panel on the Classify page, its images to classes."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from core.data.dataset import ImageSource
from gui.camera.camera_controller import CameraController
from gui.camera.camera_panel import CameraPanel
from gui.camera.capturing import Capturing
from gui.classifier.classifier_service import ClassifierService
from gui.classify.classify_page import ClassifyPage
from gui.images.images_controller import ImagesController
from gui.look.language import tr
from gui.project.project_controller import ProjectController
from gui.window.images_wiring import ImagesWiring


class CameraWiring(QObject):
    """Connect the camera; made when it is first requested.

    Args:
        page: Shows the panel.
        classifier: Classifies frames.
        project: Project of the captured images.
        images: Adds them to the project.
        images: Rescans known folders.
    """

    def __init__(
        self,
        page: ClassifyPage,
        classifier: ClassifierService,
        project: ProjectController,
        images_controller: ImagesController,
        images_wiring: ImagesWiring,
    ) -> None:
        super().__init__(page)
        self._page, self._project = page, project
        self._images_controller, self._images_wiring = images_controller, images_wiring
        self.panel = CameraPanel()
        self.capturing = Capturing(self._project_file, lambda: project.project.sources, self)
        self.controller = CameraController(self.panel, classifier, self.capturing, parent=self)
        self.panel.close_requested.connect(page.hide_camera)
        self.panel.folder_requested.connect(self._on_folder_requested)
        self.panel.shown.connect(self._on_shown)
        self.capturing.settled.connect(self._on_settled)
        self.capturing.failed.connect(self._on_failed)
        images_controller.images_changed.connect(self._on_shown)
        project.opened.connect(self.capturing.begin_project)
        page.add_camera(self.panel)

    def _project_file(self) -> Path | None:
        """Return the project's file; a draft gets its place, so that the images lie with it."""
        self._project.keep(tr("Camera pictures"))
        return self._project.path

    def _on_shown(self, _images_wiring: object = None) -> None:
        self.panel.set_labels(self._images_controller.labels)

    def _on_settled(self, sources: Sequence[ImageSource]) -> None:
        known = self._project.project.sources
        new = [source for source in sources if source not in known]
        if new:
            self._images_controller.add(new)
        else:
            self._images_wiring.look_again()

    def _on_folder_requested(self) -> None:
        last: Path | None = self.capturing.last
        if last is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(last.parent)))

    def _on_failed(self, message: str, details: str) -> None:
        self._page.show_failure(message, details)
