"""Runs that send what a training sends, without training anything."""

import os
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from core.errors import StorageError
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import (
    BatchFinished,
    DatasetSplit,
    DeviceReported,
    EpochFinished,
    Event,
    ImageSkipped,
    LearningRateFound,
    LearningRateTried,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RunStarted,
    SpeedMeasured,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from core.messages.requests import FindLearningRateRequest, MeasureSpeedRequest, Request
from core.runs.speed_record import Speed, record_speed
from core.worker.main import serve

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


def fine_tunes(connection: Connection) -> None:
    """Says what computes, then an epoch of the head and one with the backbone unfrozen."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        send(RunStarted(RUN_DIR))
        send(Warned("No GPU was found."))
        send(DeviceReported("NVIDIA T4", 1 << 30, 15 << 30))
        send(DatasetSplit(("brick", "grass"), 40, 4, 4, 0))
        send(Warned("The backbone is large."))
        send(PhaseStarted(Phase.TRAINING, 1))
        send(EpochFinished(1, 2, 0.8, 0.5, 0.9, 0.4, 1e-3, True, 0.1))
        send(PhaseStarted(Phase.FINE_TUNING, 40))
        send(PhaseProgressed(Phase.FINE_TUNING, 40, 40, 20.0))
        send(EpochFinished(2, 2, 0.6, 0.6, 0.5, 0.6, 1e-5, True, 2.0, is_fine_tuning=True))
        send(TrainingFinished(RUN_DIR, RUN_DIR / "model", 0.6, 0.75, (0.3, 0.95), 2, 2, 3.5))

    serve(connection, run)


def fits_exactly(connection: Connection) -> None:
    """Two iterations of an exact fit."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        for event in EPOCHS[:2]:
            send(replace(event, is_exact=True))
        send(TrainingFinished(RUN_DIR, RUN_DIR / "model", 0.6, 0.75, (0.3, 0.95), 2, 2, 1.5))

    serve(connection, run)


def measures(connection: Connection) -> None:
    """Finds a backbone quick, and records it."""

    def run(request: Request, send: Send, _control: RunControl) -> None:
        assert isinstance(request, MeasureSpeedRequest)
        send(PhaseStarted(Phase.MEASURING_SPEED))
        record_speed(request.config.backbone, Speed(1000.0, 1e-4, 1.0))
        send(SpeedMeasured(request.config.backbone, 1000.0, None))

    serve(connection, run)


def finds_a_rate(connection: Connection) -> None:
    """Tries one learning rate and suggests it."""

    def run(request: Request, send: Send, _control: RunControl) -> None:
        assert isinstance(request, FindLearningRateRequest)
        send(PhaseStarted(Phase.FINDING_LEARNING_RATE, 1))
        send(LearningRateTried(0.01, 0.5, 0.5))
        send(LearningRateFound(0.01, is_fine_tuning=request.config.fine_tune))

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
