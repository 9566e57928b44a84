import pytest

from tests.shown_camera import ShownCamera


@pytest.fixture
def camera(qtbot) -> ShownCamera:
    return ShownCamera()
