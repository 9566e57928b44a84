"""A camera that shows what a test gives it, through Qt's own sink and frames."""

from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame

from gui.camera.camera_source import Camera, CameraSource


class ShownCamera(CameraSource):
    """Everything of a `CameraSource` but the device."""

    def __init__(self) -> None:
        super().__init__()
        self.plugged = [Camera(b"1", "Front", False), Camera(b"2", "Back", True)]
        self.on: Camera | None = None

    @property
    def is_on(self) -> bool:
        return self.on is not None

    def cameras(self) -> list[Camera]:
        return self.plugged

    def start(self, camera: Camera) -> None:
        self.on = camera

    def stop(self) -> None:
        self.on = None

    def show(self, image: QImage | QVideoFrame) -> None:
        if self.on is not None:
            frame = QVideoFrame(image) if isinstance(image, QImage) else image
            self.sink.setVideoFrame(frame)
