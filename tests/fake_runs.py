"""Runs that send what a training sends, without training anything."""

import os
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from core.errors import StorageError
from core.worker.control import RunControl, StopRequestedError
from core.worker.events import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Event,
    ImageSkipped,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
)
from core.worker.main import serve
from core.worker.requests import Request

Send = Callable[[Event], None]
RUN_DIR = Path("run")
EPOCHS = [
    EpochFinished(1, 3, 0.8, 0.5, 0.9, 0.4, 1e-3, True, 0.1),
    EpochFinished(2, 3, 0.6, 0.6, 0.5, 0.6, 1e-3, True, 0.1),
    EpochFinished(3, 3, 0.4, 0.7, 0.6, 0.5, 1e-3, False, 0.1),
]


def _begin(send: Send) -> None:
    send(RunStarted(RUN_DIR))
    send(PhaseStarted(Phase.EXTRACTING_FEATURES, 48))
    send(PhaseProgressed(Phase.EXTRACTING_FEATURES, 48, 48, 100.0))
    send(ImageSkipped(Path("bad.jpg"), "is damaged"))
    send(DatasetSplit(("brick", "grass"), 40, 4, 4, 0))
    send(PhaseStarted(Phase.TRAINING, 3))


def finishes(connection: Connection) -> None:
    """Three epochs, then a result."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        for event in EPOCHS:
            send(BatchFinished(event.epoch, 2, 4, event.loss, event.accuracy))
            send(event)
        send(TrainingFinished(RUN_DIR, RUN_DIR / "model", 0.6, 0.75, (0.3, 0.95), 3, 2, 1.5))

    serve(connection, run)


def until_stopped(connection: Connection) -> None:
    """Two epochs, then it waits to be stopped."""

    def run(_request: Request, send: Send, control: RunControl) -> None:
        _begin(send)
        for event in EPOCHS[:2]:
            send(event)
        try:
            while True:
                control.checkpoint()
        except StopRequestedError:
            send(TrainingCancelled(RUN_DIR, RUN_DIR / "model", 2, 0.6, 0.75))

    serve(connection, run)


def dies(connection: Connection) -> None:
    """Goes away as a process does that ran out of memory in a container."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        os._exit(137)

    serve(connection, run)


def fails(connection: Connection) -> None:
    """The disk is full."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        raise StorageError("There is no room for the model in run. Free some space.")

    serve(connection, run)


def has_a_bug(connection: Connection) -> None:
    """Something that nobody thought of."""

    def run(_request: Request, _send: Send, _control: RunControl) -> None:
        raise ZeroDivisionError("division by zero")

    serve(connection, run)
