"""Searches for a learning rate that send what a real one sends, without trying anything."""

import math
import os
from collections.abc import Callable
from multiprocessing.connection import Connection

import numpy as np

from core.errors import DatasetError
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import (
    DatasetSplit,
    Event,
    LearningRateFound,
    LearningRateTried,
    Phase,
    PhaseProgressed,
    PhaseStarted,
)
from core.messages.requests import Request
from core.worker.main import serve

Send = Callable[[Event], None]
SUGGESTION = 0.0013219
RATES = np.geomspace(1e-7, 10, 100).tolist()


def tried(count: int = 100) -> list[LearningRateTried]:
    """What a search of a head's rate looks like."""
    events = []
    for number, rate in enumerate(RATES[:count]):
        fall = 1 / (1 + math.exp(-3 * (math.log10(rate) + 2.9)))
        loss = 1.1 - fall + 0.02 * rate**2
        wobble = 0.05 * math.sin(7 * number)
        events.append(LearningRateTried(rate, loss + wobble, loss))
    return events


def _begin(send: Send) -> None:
    send(PhaseStarted(Phase.SCANNING))
    send(PhaseStarted(Phase.EXTRACTING_FEATURES, 48))
    send(PhaseProgressed(Phase.EXTRACTING_FEATURES, 48, 48, 100.0))
    send(DatasetSplit(("brick", "grass"), 40, 4, 4, 0))
    send(PhaseStarted(Phase.FINDING_LEARNING_RATE, 100))


def _try(send: Send, count: int) -> None:
    for number, event in enumerate(tried(count), start=1):
        send(event)
        send(PhaseProgressed(Phase.FINDING_LEARNING_RATE, number, 100, 50.0))


def finds(connection: Connection) -> None:
    """A hundred rates and a suggestion."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        _try(send, 100)
        send(LearningRateFound(SUGGESTION))

    serve(connection, run)


def finds_one_to_fine_tune_with(connection: Connection) -> None:
    """As `finds`, for the backbone."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        _try(send, 100)
        send(LearningRateFound(1.27e-5, is_fine_tuning=True))

    serve(connection, run)


def finds_none(connection: Connection) -> None:
    """The losses point to no rate."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        _try(send, 30)
        send(LearningRateFound(None))

    serve(connection, run)


def until_stopped(connection: Connection) -> None:
    """Sixty rates, then it waits to be stopped."""

    def run(_request: Request, send: Send, control: RunControl) -> None:
        _begin(send)
        _try(send, 60)
        try:
            while True:
                control.checkpoint()
        except StopRequestedError:
            send(LearningRateFound(SUGGESTION, is_complete=False))

    serve(connection, run)


def fails(connection: Connection) -> None:
    """There is nothing to try rates on."""

    def run(_request: Request, _send: Send, _control: RunControl) -> None:
        raise DatasetError("There is no picture in pets. Add some.")

    serve(connection, run)


def has_a_bug(connection: Connection) -> None:
    """Something that nobody thought of."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        raise ZeroDivisionError("division by zero")

    serve(connection, run)


def dies(connection: Connection) -> None:
    """Goes away without a word."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        os._exit(137)

    serve(connection, run)
