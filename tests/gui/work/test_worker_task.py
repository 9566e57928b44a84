from functools import partial
from weakref import ref

import pytest

from core.data.dataset import ImageSource
from core.messages.events import ImagesChecked
from core.messages.requests import CheckImagesRequest
from core.worker.image_worker import run_image_worker
from core.worker.process import WorkerProcess
from gui.work.worker_task import WorkerTask
from resources import resource_path

REQUEST = CheckImagesRequest(sources=(ImageSource(resource_path("sample")),))


@pytest.fixture
def task():
    task = WorkerTask(partial(WorkerProcess, run_image_worker))
    yield task
    task.shutdown()


def test_nothing_is_heard_of_a_request_that_was_dropped(qtbot, task):
    heard = []
    task.event_received.connect(heard.append)
    task.begin(REQUEST)
    # Not by `waitSignal`: events that come while its blocker is taken down would be told to it.
    qtbot.waitUntil(lambda: bool(heard), timeout=30_000)
    task.drop()
    heard.clear()
    qtbot.waitUntil(lambda: not task._dropped, timeout=30_000)
    assert heard == []


def test_a_request_can_begin_as_soon_as_the_one_before_was_dropped(qtbot, task):
    heard, ended = [], []
    task.event_received.connect(heard.append)
    task.ended.connect(lambda: ended.append(True))
    task.begin(REQUEST)
    task.drop()
    task.begin(REQUEST)
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)
    assert sum(isinstance(event, ImagesChecked) for event in heard) == 1
    assert not task.is_busy
    qtbot.waitUntil(lambda: not task._dropped, timeout=30_000)
    assert len(ended) == 1


def test_what_is_left_of_a_request_does_not_keep_the_task(qtbot):
    # The task owns it: when it went first and the task with it, each destroyed the other.
    task = WorkerTask(partial(WorkerProcess, run_image_worker))
    task.begin(REQUEST)
    task.shutdown()
    gone = ref(task)
    del task
    assert gone() is None
