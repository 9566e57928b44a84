import os
import socket
import stat
import sys
from pathlib import Path

import pytest

from core.handover.client import Outcome, hand_over
from core.handover.instance_lock import InstanceLock
from core.handover.message import Destination, HandOver
from core.handover.place import Role, address_of
from gui import hand_over_server as single_instance
from gui.hand_over_server import HandOverServer
from gui.work.background import Task

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at sockets")

REQUEST = HandOver(show=Destination.QUICK_WINDOW, paths=(Path("/a b.jpg"), Path("/ü.jpg")))

MESSAGE = REQUEST.to_bytes()


@pytest.fixture
def make_server(qtbot):
    servers = []

    def make(take) -> HandOverServer:
        servers.append(HandOverServer(Role.QUICK, take))
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def ask(qtbot):
    """Hands over in a thread, as another process would."""

    def run(message=MESSAGE) -> Outcome:
        outcomes: list[Outcome] = []
        address = address_of(Role.QUICK)
        task = Task(lambda _context: hand_over(address, message, 20))
        task.succeeded.connect(outcomes.append)
        task.start()
        qtbot.waitUntil(lambda: bool(outcomes), timeout=30_000)
        return outcomes[0]

    return run


def test_files_arrive_and_are_acknowledged(make_server, ask):
    taken = []
    assert make_server(taken.append).listen()
    assert ask() is Outcome.ACCEPTED
    assert taken == [REQUEST]


def test_a_message_larger_than_a_pipes_buffer_arrives(make_server, ask):
    taken = []
    make_server(taken.append).listen()
    many = HandOver(
        show=Destination.QUICK_WINDOW,
        paths=tuple(Path(f"/pictures/{number}.jpg") for number in range(50_000)),
    )
    assert ask(many.to_bytes()) is Outcome.ACCEPTED
    assert taken == [many]


@pytest.mark.parametrize(
    "message", [b"rubbish", b"FGhand1\n\0\0\0\x02{}", b"\0" * 100_000, b"FGhand1\n\xff\xff\xff\xff"]
)
def test_a_foreign_message_is_passed_over_and_the_next_is_taken(make_server, ask, message):
    taken = []
    make_server(taken.append).listen()
    assert ask(message) is Outcome.DROPPED
    assert ask() is Outcome.ACCEPTED
    assert taken == [REQUEST]


def test_half_a_message_does_not_stay_for_ever(make_server, qtbot, monkeypatch):
    monkeypatch.setattr(single_instance, "_PATIENCE_MS", 1000)
    server = make_server(pytest.fail)
    server.listen()
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(address_of(Role.QUICK))
        caller.sendall(REQUEST.to_bytes()[:20])
        qtbot.waitUntil(lambda: bool(server._connections))
        qtbot.waitUntil(lambda: not server._connections)
        assert caller.recv(1) == b""


def test_what_cannot_be_shown_is_not_acknowledged(make_server, ask, qtbot):
    def fail(_request: HandOver) -> None:
        raise RuntimeError("no window")

    make_server(fail).listen()
    with qtbot.captureExceptions() as errors:
        assert ask() is Outcome.DROPPED
    assert [str(error[1]) for error in errors] == ["no window"]


def test_a_closed_server_leaves_callers_without_an_answer(make_server, qtbot):
    server = make_server(pytest.fail)
    server.listen()
    with socket.socket(socket.AF_UNIX) as waiting, socket.socket(socket.AF_UNIX) as connected:
        connected.connect(address_of(Role.QUICK))
        qtbot.waitUntil(lambda: bool(server._connections))
        waiting.connect(address_of(Role.QUICK))
        waiting.sendall(REQUEST.to_bytes())
        server.close()
        assert connected.recv(1) == b""
        with pytest.raises(ConnectionResetError):
            waiting.recv(1)
    assert InstanceLock.try_take(address_of(Role.QUICK)) is not None


def test_only_one_listens_until_it_is_closed(make_server, qtbot, monkeypatch):
    monkeypatch.setattr(single_instance, "_RETRY_MS", 1)
    first, second = make_server(pytest.fail), make_server(pytest.fail)
    assert first.listen()
    second.listen_when_free()
    assert not second.is_listening
    first.close()
    qtbot.waitUntil(lambda: second.is_listening)


def test_what_a_crash_left_behind_is_cleared(make_server, ask):
    with socket.socket(socket.AF_UNIX) as crashed:
        crashed.bind(address_of(Role.QUICK))
    taken = []
    assert make_server(taken.append).listen()
    assert ask() is Outcome.ACCEPTED


def test_nobody_else_can_reach_it(make_server):
    make_server(pytest.fail).listen()
    status = os.stat(address_of(Role.QUICK))  # noqa: PTH116
    assert stat.S_ISSOCK(status.st_mode)
    assert status.st_mode & 0o077 == 0
