import os
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest

from core.messages.events import RequestFailed, TrainingFailed, Warned
from core.messages.requests import ImportBackboneRequest
from core.worker import main
from tests.fake_targets import RESULT, request


@pytest.fixture
def pipe(monkeypatch) -> Iterator[tuple[Connection, Connection]]:
    """Both ends; nobody listens to commands, which would end this process with the pipe."""
    monkeypatch.setattr(main, "_listen", lambda *_: None)
    ours, theirs = Pipe()
    yield ours, theirs
    ours.close()


def received(connection: Connection) -> list[object]:
    events = []
    while connection.poll():
        events.append(connection.recv())
    return events


def test_nothing_is_sent_after_the_terminal_event(pipe):
    ours, theirs = pipe

    def run(_request, send, _control):
        send(RESULT)
        send(Warned("late"))
        send(TrainingFailed("later still"))

    ours.send(request())
    main.serve(theirs, run)
    assert received(ours) == [RESULT]


def test_an_error_after_the_terminal_event_adds_no_second_one(pipe):
    ours, theirs = pipe

    def run(_request, send, _control):
        send(RESULT)
        raise OSError("while tidying up")

    ours.send(request())
    main.serve(theirs, run)
    assert received(ours) == [RESULT]


def test_a_failed_import_is_no_failed_training(pipe):
    ours, theirs = pipe

    def run(*_):
        raise ValueError

    ours.send(ImportBackboneRequest(handle="h", name="n"))
    main.serve(theirs, run)
    (event,) = received(ours)
    assert isinstance(event, RequestFailed)
    assert event.message == "Something unexpected went wrong: ValueError"


def test_a_closed_pipe_instead_of_a_request_is_the_end(pipe):
    ours, theirs = pipe
    ours.close()
    main.serve(theirs, lambda *_: pytest.fail("nothing was asked for"))


def test_tensorflow_finds_its_settings(monkeypatch):
    monkeypatch.delenv("TF_USE_LEGACY_KERAS", raising=False)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    monkeypatch.setattr(main.signal, "signal", lambda *_: None)
    main.prepare_process()
    assert os.environ["TF_USE_LEGACY_KERAS"] == "1"
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0", "what a person set is left alone"


def test_the_real_worker_reports_a_bad_request_without_tensorflow(tmp_path):
    from core.worker.process import WorkerProcess

    events = list(WorkerProcess().events(request(tmp_path / "absent")))
    assert [type(event).__name__ for event in events][-1] == "TrainingFailed"
    assert str(tmp_path / "absent") in events[-1].message
