"""Calls of the program in processes of their own: one window, and nothing lost."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import Queue

import pytest

from core.handover.instance_lock import InstanceLock
from core.handover.message import MessageReader
from core.handover.place import Role, address_of
from tests.conftest import CHECKOUT
from tests.models import PHOTOS

CAT = str(PHOTOS / "cat.jpg")
NUM_CALLERS, NUM_EACH, NUM_CALLS = 8, 24, 8

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="sends signals"),
]


@pytest.fixture
def start():
    """Starts processes; those that are left are killed."""
    with ExitStack() as stack:

        def run(*arguments: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.gui.quick.watched_call", *arguments],
                cwd=CHECKOUT,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield run


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    return (line.rstrip("\n") for line in process.stdout)


def test_two_hundred_hand_overs_from_parallel_processes_all_arrive(start):
    instance = start("call", CAT)
    arriving = lines(instance)
    assert next(arriving) == CAT
    names = [
        [f"/nowhere/{caller} {number}.jpg" for number in range(NUM_EACH)]
        for caller in range(NUM_CALLERS)
    ]
    callers = [start("many", *each) for each in names]
    singles = [f"/nowhere/call {number}.jpg" for number in range(NUM_CALLS)]
    callers += [start("call", name) for name in singles]
    expected = {name for each in names for name in each} | {*singles}
    assert len(expected) == 200
    arrived = [next(arriving) for _ in range(200)]
    assert set(arrived) == expected
    assert [caller.wait() for caller in callers] == [0] * len(callers)
    instance.send_signal(signal.SIGTERM)
    assert instance.wait() == 0
    assert [*arriving] == []


def test_calls_at_once_with_nobody_there_make_one_window(start):
    names = [f"/nowhere/{number}.jpg" for number in range(NUM_CALLS)]
    calls = [start("call", name) for name in names]
    with ThreadPoolExecutor(NUM_CALLS) as pool:
        # All but one end by themselves; the one with the window once it has everything.
        arrived = Queue[tuple[int, str]]()

        def read(number: int) -> None:
            for line in lines(calls[number]):
                arrived.put((number, line))

        for number in range(NUM_CALLS):
            pool.submit(read, number)
        got = [arrived.get() for _ in names]
        for call in calls:
            call.terminate()
    assert {name for _, name in got} == {*names}
    assert len({number for number, _ in got}) == 1


def test_a_killed_instance_is_replaced(start):
    killed = start("call", CAT)
    assert next(lines(killed)) == CAT
    killed.kill()
    killed.wait()
    assert os.path.exists(address_of(Role.QUICK))  # noqa: PTH110
    second = start("call", "/second.jpg")
    assert next(lines(second)) == "/second.jpg"
    assert start("call", "/third.jpg").wait() == 0
    assert next(lines(second)) == "/third.jpg"


def test_an_instance_that_dies_with_a_call_unanswered_loses_nothing(start):
    lock = InstanceLock.try_take(address_of(Role.QUICK))
    assert lock is not None
    with socket.socket(socket.AF_UNIX) as instance:
        instance.bind(address_of(Role.QUICK))
        instance.listen()
        caller = start("call", "/second.jpg")
        connection, _ = instance.accept()
        with connection:
            assert MessageReader().feed(connection.recv(10_000)) is not None
    lock.release()
    assert next(lines(caller)) == "/second.jpg"


def test_without_a_display_one_line_says_so():
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [sys.executable, CHECKOUT / "main.py", "classify", "--window", CAT],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "there is no display" in done.stderr
    assert len(done.stderr.splitlines()) == 1
