from core.data.dataset import ImageSource
from core.worker.events import PicturesChecked
from core.worker.requests import CheckImagesRequest
from gui.controllers.image_check import ImageCheck
from resources import resource_path

REQUEST = CheckImagesRequest(sources=(ImageSource(resource_path("sample")),))


def test_nothing_is_heard_of_a_check_that_was_dropped(qtbot):
    check = ImageCheck()
    heard = []
    check.event_received.connect(heard.append)
    check.begin(REQUEST)
    with qtbot.waitSignal(check._thread.event_received, timeout=30_000):
        pass
    check.drop()
    heard.clear()
    qtbot.waitUntil(lambda: not check._threads, timeout=30_000)
    assert heard == []
    check.shutdown()


def test_a_second_check_takes_the_place_of_the_first(qtbot):
    check = ImageCheck()
    heard = []
    check.event_received.connect(heard.append)
    check.begin(REQUEST)
    check.begin(REQUEST)
    qtbot.waitUntil(lambda: any(isinstance(e, PicturesChecked) for e in heard), timeout=30_000)
    assert sum(isinstance(event, PicturesChecked) for event in heard) == 1
    check.shutdown()
