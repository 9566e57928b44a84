"""Frames of a camera. The one module that needs QtMultimedia."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrame,
    QVideoSink,
)

from gui.look.language import tr


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that there is.

    Attributes:
        name: As the system calls it.
        is_default: Whether the system takes it first.
    """

    id: bytes
    name: str
    is_default: bool


class CameraSource(QObject):
    """Starts one camera and passes its frames on.

    Signals:
        frame_arrived: A `QVideoFrame`.
        failed: A message fit to show; the camera is off then.
        cameras_changed: One was plugged in or out.

    Attributes:
        sink: Where frames come in.
    """

    frame_arrived = Signal(object)
    failed = Signal(str)
    cameras_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sink = QVideoSink(self)
        self.sink.videoFrameChanged.connect(self._on_frame)
        self._session = QMediaCaptureSession(self)
        self._session.setVideoSink(self.sink)
        self._devices = QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self.cameras_changed)
        self._camera: QCamera | None = None

    @property
    def is_on(self) -> bool:
        """Whether a camera is running."""
        return self._camera is not None

    def cameras(self) -> list[Camera]:
        """Those that are plugged in."""
        return [
            Camera(bytes(device.id().data()), device.description(), device.isDefault())
            for device in QMediaDevices.videoInputs()
        ]

    def start(self, camera: Camera) -> None:
        """Take the frames of a camera from now on."""
        self.stop()
        device = _device(camera.id)
        if device is None:
            self.failed.emit(tr("%1 is not there any more.", camera.name))
            return
        self._camera = QCamera(device, self)
        self._camera.errorOccurred.connect(self._on_error)
        self._session.setCamera(self._camera)
        self._camera.start()

    def stop(self) -> None:
        """Switch the camera off; its light goes out."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.stop()
            self._session.setCamera(None)  # type: ignore[arg-type]
            camera.deleteLater()

    def _on_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self.frame_arrived.emit(frame)

    def _on_error(self, error: QCamera.Error, reason: str) -> None:
        if error == QCamera.Error.NoError:
            return
        text = tr("The camera can’t be used: %1. Does another program use it?")
        self.stop()
        self.failed.emit(text.replace("%1", reason.rstrip(".") or str(error)))


def _device(camera_id: bytes) -> QCameraDevice | None:
    for device in QMediaDevices.videoInputs():
        if bytes(device.id().data()) == camera_id:
            return device
    return None
