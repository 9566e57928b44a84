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
    """A camera of this computer.

    Attributes:
        name: Its name in the system.
        is_default: Whether it is the system's default.
    """

    id: bytes
    name: str
    is_default: bool


class CameraSource(QObject):
    """Starts one camera and passes its frames on.

    Signals:
        frame_arrived: A `QVideoFrame`.
        failed: A message to show; the camera is off then.
        cameras_changed: A camera was connected or disconnected.

    Attributes:
        sink: Receives the frames.
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
        """Return the cameras that are connected."""
        return [
            Camera(bytes(device.id().data()), device.description(), device.isDefault())
            for device in QMediaDevices.videoInputs()
        ]

    def start(self, camera: Camera) -> None:
        """Turn a camera on, in place of any other."""
        self.stop()
        device = _device(camera.id)
        if device is None:
            self.failed.emit(tr("%1 is no longer connected.", camera.name))
            return
        self._camera = QCamera(device, self)
        self._camera.errorOccurred.connect(self._on_error)
        self._session.setCamera(self._camera)
        self._camera.start()

    def stop(self) -> None:
        """Turn the camera off, and with it its light."""
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
        self.stop()
        problem = reason.rstrip(".") or str(error)
        self.failed.emit(tr("Can’t use the camera: %1. Is another program using it?", problem))


def _device(camera_id: bytes) -> QCameraDevice | None:
    for device in QMediaDevices.videoInputs():
        if bytes(device.id().data()) == camera_id:
            return device
    return None
