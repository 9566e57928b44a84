import queue
import threading

import pytest

from core.polling import get_checked, put_until


def test_an_item_is_put_where_there_is_room():
    items, stopped = queue.Queue(maxsize=1), threading.Event()
    assert put_until(items, "a", stopped)
    assert items.get_nowait() == "a"


def test_waiting_for_room_ends_with_the_flag():
    items, stopped = queue.Queue(maxsize=1), threading.Event()
    items.put("a")
    put = []
    thread = threading.Thread(target=lambda: put.append(put_until(items, "b", stopped)))
    thread.start()
    stopped.set()
    thread.join(timeout=30)
    assert put == [False]
    assert items.qsize() == 1


def test_the_next_item_is_returned_after_a_check():
    items, checks = queue.Queue(), []
    items.put("a")
    assert get_checked(items, lambda: checks.append(1)) == "a"
    assert checks == [1]


def test_what_a_check_raises_ends_the_wait():
    turns = iter([False, True])

    def check():
        if next(turns):
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        get_checked(queue.Queue(), check)
