import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from core.handover import client
from core.handover.client import Outcome, hand_over, hand_over_or_claim
from core.handover.instance_lock import InstanceLock
from core.handover.message import ACCEPTED, Destination, HandOver, MessageReader
from core.handover.place import Role, address_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="plays a server with sockets")

REQUEST = HandOver(show=Destination.QUICK_WINDOW, paths=(Path("/a.jpg"),))


@pytest.fixture
def serve():
    """Plays servers: each takes one message and answers with some bytes, or never."""
    with ExitStack() as stack:

        def start(role: Role, answer: bytes | None) -> list[HandOver]:
            taken: list[HandOver] = []
            server = stack.enter_context(socket.socket(socket.AF_UNIX))
            Path(address_of(role)).unlink(missing_ok=True)
            server.bind(address_of(role))
            server.listen()

            def run() -> None:
                connection = stack.enter_context(server.accept()[0])
                server.close()
                reader = MessageReader()
                while (request := reader.feed(connection.recv(5))) is None:
                    pass
                taken.append(request)
                if answer is not None:
                    connection.sendall(answer)
                    connection.close()

            thread = threading.Thread(target=run)
            thread.start()
            stack.callback(thread.join)
            return taken

        yield start


def test_who_answers_has_it(serve):
    taken = serve(Role.QUICK, ACCEPTED)
    assert hand_over(address_of(Role.QUICK), REQUEST.to_bytes()) is Outcome.ACCEPTED
    assert taken == [REQUEST]


@pytest.mark.parametrize("answer", [b"", b"FG1", b"HTTP/1.1 400\n"], ids=repr)
def test_who_leaves_or_says_anything_else_has_it_not(serve, answer):
    serve(Role.QUICK, answer)
    assert hand_over(address_of(Role.QUICK), REQUEST.to_bytes()) is Outcome.DROPPED


def test_who_does_not_answer_is_silent(serve):
    serve(Role.QUICK, None)
    assert hand_over(address_of(Role.QUICK), REQUEST.to_bytes(), 0.05) is Outcome.SILENT


def test_what_a_crash_left_behind_is_nobody():
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address_of(Role.QUICK))
    assert hand_over(address_of(Role.QUICK), REQUEST.to_bytes()) is Outcome.ABSENT


def test_the_main_window_is_asked_where_there_is_no_quick_one(serve):
    taken = serve(Role.MAIN, ACCEPTED)
    assert hand_over_or_claim(REQUEST) == (True, None)
    assert taken == [REQUEST]


def test_with_nobody_there_one_becomes_the_instance():
    is_taken, lock = hand_over_or_claim(REQUEST)
    assert not is_taken
    assert lock is not None
    assert InstanceLock.try_take(address_of(Role.QUICK)) is None


def test_who_has_only_just_started_is_waited_for(serve, monkeypatch):
    lock = InstanceLock.try_take(address_of(Role.QUICK))
    assert lock is not None
    taken = []

    def sleep(_seconds):
        if not taken:
            taken.append(serve(Role.QUICK, ACCEPTED))

    monkeypatch.setattr(client.time, "sleep", sleep)
    assert hand_over_or_claim(REQUEST) == (True, None)
    assert taken == [[REQUEST]]


def test_an_instance_that_dies_before_it_answers_loses_nothing(serve, monkeypatch):
    lock = InstanceLock.try_take(address_of(Role.QUICK))
    assert lock is not None
    serve(Role.QUICK, b"")
    monkeypatch.setattr(client.time, "sleep", lambda _seconds: lock.release())
    is_taken, own = hand_over_or_claim(REQUEST)
    assert not is_taken
    assert own is not None


def test_an_instance_that_drops_each_call_is_left_alone(monkeypatch):
    lock = InstanceLock.try_take(address_of(Role.QUICK))
    assert lock is not None
    calls = []

    def drop(address, _message):
        calls.append(address)
        return Outcome.DROPPED

    monkeypatch.setattr(client, "hand_over", drop)
    monkeypatch.setattr(client.time, "sleep", lambda _seconds: None)
    assert hand_over_or_claim(REQUEST) == (False, None)
    assert calls.count(address_of(Role.QUICK)) == 4


def test_a_silent_instance_is_not_waited_for_again(serve, monkeypatch):
    lock = InstanceLock.try_take(address_of(Role.QUICK))
    assert lock is not None
    serve(Role.QUICK, None)
    monkeypatch.setattr(client, "_ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(client.time, "sleep", lambda _seconds: pytest.fail("waits again"))
    assert hand_over_or_claim(REQUEST) == (False, None)
