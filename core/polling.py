"""Bounded queues between threads, waited for in short turns so that no wait outlasts its reason."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

_POLL_S = 0.1
_Item = TypeVar("_Item")


def put_until(items: "queue.Queue[_Item]", item: _Item, stopped: threading.Event) -> bool:
    """Put an item into a queue that may be full.

    Args:
        stopped: Ends the wait when set; nothing is put once it is.

    Returns:
        Whether the item was put.
    """
    while not stopped.is_set():
        try:
            items.put(item, timeout=_POLL_S)
        except queue.Full:
            continue
        return True
    return False


def get_checked(items: "queue.Queue[_Item]", check: Callable[[], None]) -> _Item:
    """Take the next item of a queue.

    Args:
        check: Called before each turn of the wait, ten times a second; what it raises ends it.
    """
    while True:
        check()
        try:
            return items.get(timeout=_POLL_S)
        except queue.Empty:
            continue
