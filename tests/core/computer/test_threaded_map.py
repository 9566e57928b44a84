import threading

import pytest

from core.computer.threaded_map import threaded_map


def test_results_are_in_the_order_of_the_items():
    later = threading.Event()

    def square(number):
        if number == 0:
            later.wait(10)
        elif number == 1:
            later.set()
        return number**2

    assert list(threaded_map(square, range(100), 2)) == [number**2 for number in range(100)]


def test_items_are_taken_only_as_they_are_needed():
    taken = []

    def items():
        for number in range(1000):
            taken.append(number)
            yield number

    results = threaded_map(str, items(), 2)
    assert [next(results) for _ in range(5)] == list("01234")
    assert len(taken) < 50
    results.close()
    assert len(taken) < 50


def test_an_error_comes_in_its_place():
    results = threaded_map(lambda number: 1 / number, [1, 0, 2], 2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_a_check_that_raises_ends_the_work():
    checks = iter([None, None, None, KeyboardInterrupt])

    def check():
        if error := next(checks):
            raise error

    results = threaded_map(str, range(1000), 2, check)
    assert [next(results) for _ in range(3)] == ["0", "1", "2"]
    with pytest.raises(KeyboardInterrupt):
        next(results)
