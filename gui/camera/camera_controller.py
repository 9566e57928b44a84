"""Connects the camera, its classifications and its panel."""

import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLoggingCategory, QObject, Qt
from PySide6.QtWidgets import QApplication

from core.models.named_image import NamedImage
from gui.camera.camera_panel import CameraPanel
from gui.camera.capturing import Capturing
from gui.camera.frame_classifier import Frame, FrameAnswer, FrameClassifier
from gui.classifier.classifier_service import ClassifierService
from gui.look.language import shown, tr

# A frame has no file.
_NOWHERE = Path()

if TYPE_CHECKING:
    from gui.camera.camera_source import Camera, CameraSource


def make_camera_source() -> "CameraSource":
    """Return the system's cameras.

    Raises:
        ImportError: If QtMultimedia, or a library that it needs, is missing.
    """
    # It logs each optional library that is missing.
    QLoggingCategory.setFilterRules(
        "qt.multimedia.symbolsresolver=false\nqt.multimedia.ffmpeg=false"
    )
    from gui.camera.camera_source import CameraSource

    return CameraSource()


class CameraController(QObject):
    """Keeps the camera on exactly while its panel is visible.

    Args:
        panel: Shows the camera.
        classifier: Classifies the frames.
        capturing: Saves images.
        make_source: Returns cameras in place of the system's.
    """

    def __init__(
        self,
        panel: CameraPanel,
        classifier: ClassifierService,
        capturing: Capturing,
        make_source: "Callable[[], CameraSource] | None" = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._capturing = panel, capturing
        self._make_source = make_source or make_camera_source
        self._source: CameraSource | None = None
        self._frames = FrameClassifier(classifier, self)
        self._cameras: list[Camera] = []
        self._chosen = self._current = b""
        self._newest: FrameAnswer | None = None
        panel.shown.connect(self.start)
        panel.hidden.connect(self.stop)
        panel.retry_requested.connect(self.start)
        panel.camera_chosen.connect(self._on_camera_chosen)
        panel.capture_requested.connect(self._on_capture_requested)
        panel.discard_requested.connect(capturing.discard_last)
        capturing.taken.connect(panel.show_count)
        self._frames.answered.connect(self._on_answered)
        self._frames.failed.connect(self._on_failed)

    @property
    def is_on(self) -> bool:
        """Whether a camera is running."""
        return self._source is not None and self._source.is_on

    def start(self) -> None:
        """Turn the camera on, or show why that isn't possible."""
        if self._source is None:
            try:
                self._source = self._make_source()
            except ImportError as error:
                text = tr(
                    "The camera needs Qt’s multimedia library, which can’t be loaded: %1. "
                    "Install the package PySide6-Addons, and on Linux libpulse0.",
                    str(error),
                )
                self._panel.show_problem(text, can_retry=False)
                return
            self._source.setParent(self)
            self._source.frame_arrived.connect(self._on_frame)
            self._source.failed.connect(self._on_failed)
            self._source.cameras_changed.connect(self._on_cameras_changed)
        self._ask_permission()

    def stop(self) -> None:
        """Turn the camera off, and with it its light."""
        if self._source is not None:
            self._source.stop()
        self._frames.stop()
        self._newest = None
        self._panel.unfreeze()

    def close(self) -> None:
        """Shut down the camera; images that were taken are kept."""
        self.stop()
        self._frames.close()
        self._capturing.close()

    def _ask_permission(self) -> None:
        if platform.system() != "Darwin":
            self._begin()
            return
        # Only macOS has such a permission.
        from PySide6.QtCore import QCameraPermission

        app = QApplication.instance()
        assert isinstance(app, QApplication)
        permission = QCameraPermission()
        if app.checkPermission(permission) == Qt.PermissionStatus.Granted:
            self._begin()
        else:
            app.requestPermission(permission, self, self._on_permission_answered)

    def _on_permission_answered(self, permission: object) -> None:
        if permission.status() == Qt.PermissionStatus.Granted:  # type: ignore[attr-defined]
            self._begin()
            return
        text = tr(
            "Fieldguide is not allowed to use the camera. Allow it in System Settings → Privacy & "
            "Security → Camera, then try again."
        )
        self._panel.show_problem(text, can_retry=True)

    def _begin(self) -> None:
        """Start the chosen camera, or the system's default."""
        assert self._source is not None
        self._cameras = self._source.cameras()
        current = self._position()
        self._panel.set_cameras(self._cameras, current)
        if current < 0:
            self._source.stop()
            text = tr("No camera found. Connect one, and its picture appears here.")
            self._panel.show_problem(text, can_retry=True)
            return
        self._panel.show_starting()
        self._current = self._cameras[current].id
        self._source.start(self._cameras[current])

    def _position(self) -> int:
        """Return the position of the camera that is on, chosen, or the default; -1 for none."""
        ids = [camera.id for camera in self._cameras]
        for wanted in ((self._current if self.is_on else b""), self._chosen):
            if wanted in ids:
                return ids.index(wanted)
        defaults = [position for position, each in enumerate(self._cameras) if each.is_default]
        return next(iter(defaults), 0 if ids else -1)

    def _on_cameras_changed(self) -> None:
        if not self._panel.isVisible() or self._source is None:
            return
        cameras = self._source.cameras()
        if self.is_on and self._current in [camera.id for camera in cameras]:
            self._cameras = cameras
            self._panel.set_cameras(cameras, self._position())
        else:
            self._begin()

    def _on_camera_chosen(self, position: int) -> None:
        if 0 <= position < len(self._cameras):
            self._chosen = self._cameras[position].id
            if self._source is not None:
                self._source.stop()
            self._begin()

    def _on_frame(self, frame: Frame) -> None:
        if not self._panel.is_frozen:
            self._frames.offer(frame)

    def _on_answered(self, answer: FrameAnswer) -> None:
        if self._panel.is_frozen or not self.is_on:
            return
        self._newest = answer
        self._panel.show_frame(answer.image)
        image = NamedImage(_NOWHERE, answer.best)
        self._panel.show_answer(image, answer.threshold, answer.rate)

    def _on_capture_requested(self, label: str) -> None:
        if self._newest is not None:
            self._capturing.take(label, self._newest.pixels)

    def _on_failed(self, message: str, _details: str = "") -> None:
        if self._source is not None:
            self._source.stop()
        self._panel.show_problem(shown(message), can_retry=True)
