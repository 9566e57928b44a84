import threading
from functools import partial

from PySide6.QtCore import QThreadPool

from gui.work.pool_work import PoolWork


class Held:
    """Notes the thread in which it ends."""

    def __init__(self, ended_in):
        self.ended_in = ended_in

    def __del__(self):
        self.ended_in.append(threading.current_thread())


def test_what_a_function_refers_to_ends_in_the_main_thread(qtbot):
    ended_in, begin = [], threading.Event()

    def function(_held):
        begin.wait(10)

    for _ in range(20):
        QThreadPool.globalInstance().start(PoolWork(partial(function, Held(ended_in))))
    assert ended_in == []
    begin.set()
    qtbot.waitUntil(lambda: len(ended_in) == 20)
    assert set(ended_in) == {threading.main_thread()}


def test_what_never_ran_is_dropped_with_the_pool(qtbot):
    ended_in, begin = [], threading.Event()
    pool = QThreadPool()
    pool.setMaxThreadCount(1)
    pool.start(PoolWork(partial(begin.wait, 10)))

    def function(_held):
        raise AssertionError

    pool.start(PoolWork(partial(function, Held(ended_in))))
    pool.clear()
    begin.set()
    pool.waitForDone()
    assert ended_in == [threading.main_thread()]
