import pytest

from core.data.dataset import ImageSource
from core.messages.events import PicturesChecked
from core.messages.requests import CheckImagesRequest
from gui.images.image_check import ImageCheck
from resources import resource_path

REQUEST = CheckImagesRequest(sources=(ImageSource(resource_path("sample")),))


@pytest.fixture
def check():
    check = ImageCheck()
    yield check
    check.shutdown()


def test_nothing_is_heard_of_a_check_that_was_dropped(qtbot, check):
    heard = []
    check.event_received.connect(heard.append)
    check.begin(REQUEST)
    # Not by `waitSignal`: events that come while its blocker is taken down would be told to it.
    qtbot.waitUntil(lambda: bool(heard), timeout=30_000)
    check.drop()
    heard.clear()
    qtbot.waitUntil(lambda: not check._threads, timeout=30_000)
    assert heard == []


def test_a_second_check_takes_the_place_of_the_first(qtbot, check):
    heard = []
    check.event_received.connect(heard.append)
    check.begin(REQUEST)
    check.begin(REQUEST)
    qtbot.waitUntil(lambda: any(isinstance(e, PicturesChecked) for e in heard), timeout=30_000)
    assert sum(isinstance(event, PicturesChecked) for event in heard) == 1
