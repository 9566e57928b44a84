import gc
import threading

import pytest

from gui.garbage import MainThreadGarbageCollector


class Cycle:
    """Only the collector can free it; notes in which thread that happens."""

    died_in: list[threading.Thread] = []  # noqa: RUF012 - shared on purpose

    def __init__(self):
        self.me = self

    def __del__(self):
        self.died_in.append(threading.current_thread())


@pytest.fixture
def collector(qtbot):
    collector = MainThreadGarbageCollector()
    Cycle.died_in.clear()
    yield collector
    collector.stop()


def litter():
    cycles = [Cycle() for _ in range(5_000)]
    del cycles


def test_a_thread_that_litters_collects_nothing(qtbot, collector):
    thread = threading.Thread(target=litter)
    thread.start()
    thread.join()
    assert Cycle.died_in == []
    collector.look()
    assert set(Cycle.died_in) == {threading.main_thread()}
    assert len(Cycle.died_in) == 5_000


def test_the_timer_looks_by_itself(qtbot, collector):
    litter()
    qtbot.waitUntil(lambda: len(Cycle.died_in) == 5_000, timeout=10_000)


def test_stopping_gives_collecting_back():
    was_enabled = gc.isenabled()
    collector = MainThreadGarbageCollector()
    assert not gc.isenabled()
    collector.stop()
    assert gc.isenabled() is was_enabled
