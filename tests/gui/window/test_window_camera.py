"""The camera in the whole window: from its button to a class of the project."""

from datetime import datetime, timedelta

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QPushButton

from gui.camera import camera_controller, capturing
from tests.models import PHOTOS
from tests.shown_camera import ShownCamera

pytestmark = pytest.mark.qt_log_ignore("No RHI backend", "This plugin does not support")


@pytest.fixture
def camera(monkeypatch) -> ShownCamera:
    camera = ShownCamera()
    monkeypatch.setattr(camera_controller, "make_camera_source", lambda: camera)
    return camera


class Later(datetime):
    """A clock that is an hour ahead."""

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) + timedelta(hours=1)


def test_images_from_the_camera_become_a_class(qtbot, make_window, camera, monkeypatch):
    window = make_window()
    window.window.show_page(window.classify_page)
    window.classify_page.show_camera()
    panel = window.camera.panel
    assert panel.isVisible()
    assert camera.is_on
    camera.show(QImage(str(PHOTOS / "cat.jpg")))
    qtbot.waitUntil(lambda: bool(panel.bars.classes()), timeout=30_000)
    panel.findChild(QComboBox, "Class of the pictures taken").setCurrentText("my cat")
    for _ in range(3):
        panel.capture.click()
    qtbot.waitUntil(lambda: window.images.labels == ("my cat",), timeout=30_000)
    qtbot.waitUntil(lambda: window.images_page.images_model.rowCount() == 3, timeout=30_000)
    panel.capture.click()
    qtbot.waitUntil(lambda: window.images_page.images_model.rowCount() == 4, timeout=30_000)
    window.actions.undo.trigger()
    qtbot.waitUntil(lambda: window.images.labels == (), timeout=30_000)
    # They lie in the project's place in the library, where another project has its own.
    folder = window.camera.capturing.last.parent
    assert folder.is_relative_to(window.project.entry.folder)
    assert window.project.title == "Camera pictures"
    monkeypatch.setattr(capturing, "datetime", Later)
    window.project.new()
    window.window.show_page(window.classify_page)
    camera.show(QImage(str(PHOTOS / "cat.jpg")))
    qtbot.waitUntil(lambda: panel.capture.isEnabled(), timeout=30_000)
    panel.capture.click()
    qtbot.waitUntil(lambda: window.images_page.images_model.rowCount() == 1, timeout=30_000)
    assert window.camera.capturing.last.is_relative_to(window.project.entry.folder)
    assert not window.camera.capturing.last.is_relative_to(folder.parent)
    assert window.project.title == "Camera pictures 2"


def test_the_camera_goes_off_with_the_page_and_with_the_window(qtbot, make_window, camera):
    window = make_window()
    window.window.show_page(window.classify_page)
    window.classify_page.show_camera()
    assert camera.is_on
    window.window.show_page(window.images_page)
    assert not camera.is_on
    window.window.show_page(window.classify_page)
    assert camera.is_on
    window.camera.panel.findChild(QPushButton, "Close camera").click()
    assert not camera.is_on
    window.classify_page.show_camera()
    assert camera.is_on
    window.quit()
    qtbot.waitUntil(lambda: not camera.is_on)
