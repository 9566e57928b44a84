"""Workers that send what a download or import of a backbone sends, without any of it."""

import os
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from core.backbones.backbone import BackboneInfo
from core.errors import BackboneError
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import (
    BackboneImported,
    Event,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RequestCancelled,
)
from core.messages.requests import DownloadBackboneRequest, ImportBackboneRequest, Request
from core.worker.main import prepare_process, serve

Send = Callable[[Event], None]
BROKEN = "inception-v3 can't be downloaded: the connection broke. Try again."


def info(name: str) -> BackboneInfo:
    """Facts about a backbone of this name."""
    return BackboneInfo(
        name=name,
        title=name,
        handle=name,
        family="",
        input_size=(224, 224),
        feature_dim=8,
        parameters=100,
    )


def _name(request: Request) -> str:
    assert isinstance(request, DownloadBackboneRequest | ImportBackboneRequest)
    return request.name


def arrives(connection: Connection) -> None:
    """Two steps of a download, then it is made ready."""

    def run(request: Request, send: Send, _control: RunControl) -> None:
        send(PhaseStarted(Phase.DOWNLOADING, 90_000_000))
        send(PhaseProgressed(Phase.DOWNLOADING, 45_000_000, 90_000_000, 1_500_000.0))
        send(PhaseStarted(Phase.PREPARING_BACKBONE))
        send(BackboneImported(info(_name(request))))

    serve(connection, run)


def until_stopped(connection: Connection) -> None:
    """Half a download, then it waits to be stopped."""
    prepare_process()

    def run(_request: Request, send: Send, control: RunControl) -> None:
        send(PhaseStarted(Phase.DOWNLOADING, 90_000_000))
        send(PhaseProgressed(Phase.DOWNLOADING, 45_000_000, 90_000_000, 1_500_000.0))
        try:
            while True:
                control.checkpoint()
                threading.Event().wait(0.005)
        except StopRequestedError:
            send(RequestCancelled())

    serve(connection, run)


def breaks(connection: Connection) -> None:
    """The connection breaks."""

    def run(_request: Request, _send: Send, _control: RunControl) -> None:
        raise BackboneError(BROKEN)

    serve(connection, run)


def has_a_bug(connection: Connection) -> None:
    """Something that nobody thought of."""

    def run(_request: Request, _send: Send, _control: RunControl) -> None:
        raise ZeroDivisionError("division by zero")

    serve(connection, run)


def never_listens(connection: Connection) -> None:
    """Hangs without looking at the pipe, as native code that is stuck does."""
    connection.recv()
    connection.send(PhaseStarted(Phase.PREPARING_BACKBONE))
    threading.Event().wait()


def dies(connection: Connection) -> None:
    """Goes away as a process does that ran out of memory in a container."""
    serve(connection, lambda *_: os._exit(137))
