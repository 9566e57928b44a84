import json
import os
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from core.backbones.refusal import Refusal, UntrustedBackboneError
from core.errors import RunError
from core.messages.event_json import event_to_json_dict
from core.messages.events import RequestFailed, Warned
from core.messages.requests import (
    CheckImagesRequest,
    DownloadBackboneRequest,
    ExportRequest,
    FindLearningRateRequest,
    ImportBackboneRequest,
    MeasureSpeedRequest,
    ResumeRequest,
    TrainRequest,
)
from core.settings.config import TrainConfig
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
        send(RequestFailed("later still", is_run=True))

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


def test_a_failed_import_is_no_failed_run(pipe):
    ours, theirs = pipe

    def run(*_):
        raise ValueError

    ours.send(ImportBackboneRequest(handle="h", name="n"))
    main.serve(theirs, run)
    (event,) = received(ours)
    assert isinstance(event, RequestFailed)
    assert not event.is_run
    assert event.message == "Something unexpected went wrong: ValueError"


CONFIG = TrainConfig()
REFUSAL = Refusal(name="net", fingerprint="f00d", findings=("WriteFile",))
NO_REFUSAL = '"refusal": null}'
A_REFUSAL = '"refusal": {"name": "net", "fingerprint": "f00d", "findings": ["WriteFile"]}}'


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (TrainRequest(sources=(), config=CONFIG), "training_failed"),
        (ResumeRequest(run_dir=Path("r")), "training_failed"),
        (ImportBackboneRequest(handle="h", name="n"), "request_failed"),
        (DownloadBackboneRequest(name="n"), "request_failed"),
        (FindLearningRateRequest(sources=(), config=CONFIG), "request_failed"),
        (MeasureSpeedRequest(config=CONFIG), "request_failed"),
        (CheckImagesRequest(sources=()), "request_failed"),
        (ExportRequest(model_dir=Path("m"), options=None), "request_failed"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize(
    ("error", "rest"),
    [
        (RunError("It can't be."), '"message": "It can\'t be.", "traceback": "", ' + NO_REFUSAL),
        (UntrustedBackboneError(REFUSAL), A_REFUSAL),
    ],
    ids=["error", "refusal"],
)
def test_failures_have_their_published_json_lines(asked, name, error, rest, pipe):
    ours, theirs = pipe

    def run(*_):
        raise error

    ours.send(asked)
    main.serve(theirs, run)
    (event,) = received(ours)
    line = json.dumps(event_to_json_dict(event))
    assert line.startswith(f'{{"event": "{name}", "message": ')
    assert line.endswith(rest)
    assert list(json.loads(line)) == ["event", "message", "traceback", "refusal"]


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
    assert isinstance(events[-1], RequestFailed)
    assert events[-1].is_run
    assert str(tmp_path / "absent") in events[-1].message
