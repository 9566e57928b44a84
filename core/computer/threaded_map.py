"""Apply a function in threads, with results in order and few of them in memory."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

_AHEAD_PER_THREAD = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


def threaded_map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    num_threads: int,
    check: Callable[[], object] = lambda: None,
) -> Iterator[Result]:
    """Yield results in the order of the items, of which only some are taken ahead.

    Args:
        check: Called before each result; what it raises ends the work.

    Raises:
        Exception: What the function raises, in the place of its result.
    """
    todo = iter(items)
    with ThreadPoolExecutor(num_threads, "threaded map") as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in islice(todo, num_threads * _AHEAD_PER_THREAD):
                waiting.append(pool.submit(function, item))
            while waiting:
                check()
                yield waiting.popleft().result()
                waiting.extend(pool.submit(function, item) for item in islice(todo, 1))
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
