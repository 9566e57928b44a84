"""From frames to answers and files; the camera is on only while it is seen."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QtVideo, QVideoFrame, QVideoFrameFormat
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from core.data.dataset import ImageSource
from gui.camera.camera_controller import CameraController
from gui.camera.camera_panel import CameraPanel
from gui.camera.camera_source import Camera
from gui.camera.capturing import Capturing
from gui.camera.frames import jpeg_of, pixels_of
from gui.classifier.classifier_service import ClassifierService
from tests.models import PHOTO_NAMES, PHOTOS, write_model

# Without a screen there is no graphics card to convert frames with.
pytestmark = pytest.mark.qt_log_ignore("No RHI backend", "This plugin does not support")

CAT, COFFEE, ROCKET = (PHOTOS / name for name in PHOTO_NAMES)


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return write_model(tmp_path_factory.mktemp("run") / "model")


@pytest.fixture
def service(qtbot, model):
    service = ClassifierService()
    with qtbot.waitSignal(service.model_changed, timeout=30_000):
        service.use_model(model)
    yield service
    service.close()


@pytest.fixture
def capturing(qtbot, tmp_path):
    sources: list[ImageSource] = []
    capturing = Capturing(lambda: tmp_path / "my.fieldguide", lambda: sources)
    capturing.settled.connect(sources.extend)
    yield capturing
    capturing.close()


@pytest.fixture
def panel(qtbot, service, capturing, camera):
    panel = CameraPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 520)
    panel.controller = CameraController(panel, service, capturing, lambda: camera)
    panel.show()
    yield panel
    panel.hide()


def image(path: Path) -> QImage:
    return QImage(str(path))


def best(panel) -> str:
    return panel.bars.classes()[0][0] if panel.bars.classes() else ""


def see(qtbot, panel, camera, path, label) -> None:
    camera.show(image(path))
    qtbot.waitUntil(lambda: best(panel) == label, timeout=20_000)


def choose_class(panel, label) -> None:
    panel.findChild(QComboBox, "Class of the pictures taken").setCurrentText(label)


def test_what_the_camera_sees_is_named(qtbot, panel, camera):
    see(qtbot, panel, camera, CAT, "cat")
    see(qtbot, panel, camera, ROCKET, "rocket")
    assert panel.view.image.size() == image(ROCKET).size()


def test_the_answer_is_that_of_the_same_image_in_a_file(qtbot, panel, camera, service, tmp_path):
    see(qtbot, panel, camera, COFFEE, "coffee")
    frame = image(COFFEE)
    frame.save(str(tmp_path / "frame.png"))
    in_file = service.warm_classifier.classify(tmp_path / "frame.png").probabilities
    assert np.array_equal(in_file, service.warm_classifier.classify_pixels(pixels_of(frame)))
    assert dict(panel.bars.classes())["coffee"] == pytest.approx(float(in_file[1]), abs=1e-6)


def test_the_camera_is_on_only_while_it_is_seen(qtbot, panel, camera):
    assert camera.on.name == "Back"  # the system's first one
    panel.hide()
    assert camera.on is None
    panel.show()
    assert camera.on is not None


def test_of_many_frames_the_last_is_answered_and_most_are_let_go(qtbot, panel, camera):
    answers = []
    panel.controller._frames.answered.connect(answers.append)
    for _ in range(40):
        camera.show(image(CAT))
    see(qtbot, panel, camera, ROCKET, "rocket")
    assert len(answers) < 20
    assert np.array_equal(answers[-1].pixels, pixels_of(image(ROCKET)))


def test_another_camera_can_be_chosen(panel, camera):
    cameras = panel.findChild(QComboBox, "Cameras")
    assert [cameras.itemText(row) for row in range(2)] == ["Front", "Back"]
    cameras.setCurrentIndex(0)
    assert camera.on.name == "Front"


def test_without_a_camera_it_says_so_and_waits_for_one(panel, camera):
    plugged, camera.plugged = camera.plugged, []
    camera.cameras_changed.emit()
    assert camera.on is None
    assert "No camera found" in panel.view.accessibleDescription()
    camera.plugged = plugged
    camera.cameras_changed.emit()
    assert camera.on.name == "Back"


def test_a_camera_that_fails_is_told_and_can_be_tried_again(qtbot, panel, camera):
    see(qtbot, panel, camera, CAT, "cat")
    camera.failed.emit("The camera can’t be used: busy.")
    assert camera.on is None
    assert panel.view.accessibleDescription() == "The camera can’t be used: busy."
    assert panel.bars.classes() == ()
    assert not panel.capture.isEnabled()
    panel.findChild(QPushButton, "Try again").click()
    assert camera.on is not None


def test_a_missing_library_is_named(qtbot, service, capturing):
    def fail():
        raise ImportError("libpulse.so.0: cannot open shared object file")

    panel = CameraPanel()
    qtbot.addWidget(panel)
    panel.controller = CameraController(panel, service, capturing, fail)
    panel.show()
    assert "libpulse.so.0" in panel.view.accessibleDescription()
    panel.hide()


def test_frozen_the_image_stays(qtbot, panel, camera):
    see(qtbot, panel, camera, CAT, "cat")
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert panel.is_frozen
    camera.show(image(ROCKET))
    qtbot.wait(100)
    assert best(panel) == "cat"
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    see(qtbot, panel, camera, ROCKET, "rocket")


def test_images_are_taken_for_a_class(qtbot, panel, camera, capturing, tmp_path):
    see(qtbot, panel, camera, CAT, "cat")
    assert not panel.capture.isEnabled()
    choose_class(panel, "my cat")
    settled = []
    capturing.settled.connect(settled.extend)
    panel.capture.click()
    qtbot.keyClick(panel, Qt.Key.Key_T)
    folder = tmp_path / "my captures" / "my cat"
    qtbot.waitUntil(lambda: folder.is_dir() and len(list(folder.iterdir())) == 2)
    qtbot.waitUntil(lambda: settled == [ImageSource(folder, "my cat")])
    for path in folder.iterdir():
        taken = np.asarray(Image.open(path), np.int16)
        # As the camera saw it, though the view shows it mirrored.
        assert np.abs(taken - pixels_of(image(CAT))).mean() < 2
    panel.findChild(QPushButton, "Discard last").click()
    qtbot.waitUntil(lambda: len(list(folder.iterdir())) == 1)


def test_space_presses_the_button_that_has_the_focus(qtbot, panel, camera, tmp_path):
    see(qtbot, panel, camera, CAT, "cat")
    choose_class(panel, "cat")
    panel.capture.setFocus()
    qtbot.keyClick(panel.capture, Qt.Key.Key_Space)
    assert not panel.is_frozen
    folder = tmp_path / "my captures" / "cat"
    qtbot.waitUntil(lambda: folder.is_dir() and len(list(folder.iterdir())) == 1)


def test_another_camera_plugged_in_leaves_the_image(qtbot, panel, camera):
    see(qtbot, panel, camera, CAT, "cat")
    camera.plugged = [*camera.plugged, Camera(b"3", "Third", False)]
    camera.cameras_changed.emit()
    assert best(panel) == "cat"
    cameras = panel.findChild(QComboBox, "Cameras")
    assert (cameras.count(), cameras.currentText()) == (3, "Back")
    camera.plugged = [Camera(b"3", "Third", False)]
    camera.cameras_changed.emit()
    assert camera.on.name == "Third"


def test_held_it_takes_several(qtbot, panel, camera, tmp_path):
    see(qtbot, panel, camera, CAT, "cat")
    choose_class(panel, "cat")
    panel.capture.setAutoRepeatDelay(50)
    panel.capture.setAutoRepeatInterval(50)
    qtbot.mousePress(panel.capture, Qt.MouseButton.LeftButton)
    folder = tmp_path / "my captures" / "cat"
    qtbot.waitUntil(lambda: folder.is_dir() and len(list(folder.iterdir())) >= 3, timeout=20_000)
    qtbot.mouseRelease(panel.capture, Qt.MouseButton.LeftButton)


def test_an_image_that_cant_be_kept_is_told(qtbot, panel, camera, capturing, tmp_path):
    (tmp_path / "my captures").touch()
    see(qtbot, panel, camera, CAT, "cat")
    choose_class(panel, "cat")
    with qtbot.waitSignal(capturing.failed) as failed:
        panel.capture.click()
    assert str(tmp_path / "my captures") in failed.args[0]


def test_below_the_learned_threshold_it_is_not_sure(qtbot, panel, camera, model, service, tmp_path):
    wary = shutil.copytree(model, tmp_path / "wary")
    text = (wary / "model.json").read_text()
    (wary / "model.json").write_text(
        text.replace('"unknown_threshold": 0.0', '"unknown_threshold": 1.0')
    )
    with qtbot.waitSignal(service.model_changed, timeout=30_000):
        service.use_model(wary)
    see(qtbot, panel, camera, COFFEE, "coffee")
    assert panel.findChild(QLabel, "Doubt").isVisible()


# Frames as cameras give them.


def nv12(rotation=QtVideo.Rotation.None_) -> QVideoFrame:
    """White on the left, black on the right, 64 wide and 32 high before it is turned."""
    form = QVideoFrameFormat(QSize(64, 32), QVideoFrameFormat.PixelFormat.Format_NV12)
    form.setColorSpace(QVideoFrameFormat.ColorSpace.ColorSpace_BT601)
    form.setRotation(rotation)
    frame = QVideoFrame(form)
    assert frame.map(QVideoFrame.MapMode.WriteOnly)
    light = np.array(frame.bits(0), copy=False).reshape(-1, frame.bytesPerLine(0))
    light[:, :32], light[:, 32:] = 235, 16
    np.array(frame.bits(1), copy=False)[:] = 128
    frame.unmap()
    return frame


def test_frames_in_the_cameras_own_colors_are_right(qtbot):
    pixels = pixels_of(nv12().toImage())
    assert pixels.shape == (32, 64, 3)
    assert pixels[:, :30].min() > 250
    assert pixels[:, 34:].max() < 5


def test_a_camera_that_is_turned_gives_upright_pixels(qtbot):
    pixels = pixels_of(nv12(QtVideo.Rotation.Clockwise90).toImage())
    assert pixels.shape == (64, 32, 3)
    assert pixels[:30].min() > 250
    assert pixels[34:].max() < 5


def test_lines_that_are_padded_are_cut(qtbot):
    image = QImage(3, 2, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.red)
    assert image.bytesPerLine() > 9
    assert (pixels_of(image) == (255, 0, 0)).all()
    assert jpeg_of(pixels_of(image)).startswith(b"\xff\xd8")


def test_everything_can_be_found_by_its_name(panel):
    for name in ("Cameras", "Take picture", "Freeze", "Close camera", "Camera picture"):
        assert panel.findChild(QWidget, name) is not None
