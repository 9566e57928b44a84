"""The page Images with its controller, for tests with the real image worker."""

import pytest

from gui.image_views.thumbnails import ThumbnailLoader
from gui.images.images_controller import ImagesController
from gui.images.images_page import ImagesPage
from gui.project.project_controller import ProjectController
from gui.project.settings import Settings


@pytest.fixture
def page(qtbot):
    loader = ThumbnailLoader()
    page = ImagesPage(loader)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    yield page
    loader.close()


@pytest.fixture
def project(qtbot, tmp_path):
    return ProjectController(Settings(tmp_path / "window.ini"))


@pytest.fixture
def images(page, project):
    controller = ImagesController(page, project)
    project.new()
    yield controller
    controller.shutdown()
