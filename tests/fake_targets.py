"""What a worker process runs in tests: the real pipe and the real `serve`, no TensorFlow."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from core.data.dataset import ImageSource
from core.errors import DatasetError
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import (
    Event,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from core.messages.requests import Request, TrainRequest
from core.runs.log_file import continue_log_in, log_to_nameless_file
from core.settings.config import TrainConfig
from core.worker.main import prepare_process, run_worker, serve

Send = Callable[[Event], None]
RESULT = TrainingFinished(Path("run"), Path("run/model"), 1.0, None, None, 3, 2, 0.5)


def request(source: Path | str = "pictures") -> TrainRequest:
    """A request, for targets that look at its source only."""
    return TrainRequest(sources=(ImageSource(Path(source)),), config=TrainConfig())


def counts(connection: Connection) -> None:
    """Reports three units and finishes."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        send(PhaseStarted(Phase.TRAINING, 3))
        for done in (1, 2, 3):
            send(PhaseProgressed(Phase.TRAINING, done, 3, 1.0))
        send(RESULT)

    serve(connection, run)


def finishes_and_lingers(connection: Connection) -> None:
    """Sends its result and has a thread that never ends by itself."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        send(Warned(str(os.getpid())))
        threading.Thread(target=threading.Event().wait).start()
        send(RESULT)

    serve(connection, run)


def dies(connection: Connection) -> None:
    """Goes away as a process does that ran out of memory in a container."""
    serve(connection, lambda *_: os._exit(137))


def is_killed(connection: Connection) -> None:
    """Sends one event, then is killed by the system."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        send(Warned("last words"))
        os.kill(os.getpid(), signal.SIGKILL)

    serve(connection, run)


def ends_without_result(connection: Connection) -> None:
    """Has a bug: no terminal event."""
    log_to_nameless_file()
    serve(connection, lambda *_: None)


def raises_unexpectedly(connection: Connection) -> None:
    """Has a bug that raises."""

    def run(*_: object) -> None:
        raise ZeroDivisionError("division by zero\nin two lines")

    serve(connection, run)


def raises_expectedly(connection: Connection) -> None:
    """Finds the images wanting."""

    def run(*_: object) -> None:
        raise DatasetError("“roses” holds no pictures.")

    serve(connection, run)


def runs_out_of_memory(connection: Connection) -> None:
    """Asks for more memory than there is."""

    def run(*_: object) -> None:
        raise MemoryError

    serve(connection, run)


def until_stopped(connection: Connection) -> None:
    """Works until it is stopped, paused and resumed meanwhile as asked; tells its process id."""
    prepare_process()

    def run(_request: Request, send: Send, control: RunControl) -> None:
        send(Warned(str(os.getpid())))
        done = 0
        try:
            while True:
                control.checkpoint()
                done += 1
                send(PhaseProgressed(Phase.TRAINING, done, None, 1.0))
                threading.Event().wait(0.005)  # as a step of a training takes a while
        except StopRequestedError:
            send(TrainingCancelled(None, None, done))

    serve(connection, run)


def works_in_silence(connection: Connection) -> None:
    """Tells its process id, then nothing more until it is stopped."""

    def run(_request: Request, send: Send, control: RunControl) -> None:
        send(Warned(str(os.getpid())))
        while not control.stop_requested:
            threading.Event().wait(0.005)
        send(TrainingCancelled(None, None, 0))

    serve(connection, run)


def tells_whether_stopped_first(connection: Connection) -> None:
    """Says whether a stop had been heard before the request came."""

    def run(_request: Request, send: Send, control: RunControl) -> None:
        send(Warned(f"stop requested: {control.stop_requested}"))
        send(RESULT)

    serve(connection, run)


def never_listens(connection: Connection) -> None:
    """Hangs without looking at the pipe, as native code that is stuck does."""
    connection.recv()
    connection.send(Warned(str(os.getpid())))
    threading.Event().wait()


def starts_slowly(connection: Connection) -> None:
    """Takes a while before Ctrl-C is ignored, as importing a large library does."""
    threading.Event().wait(0.3)
    until_stopped(connection)


def chatters(connection: Connection) -> None:
    """Writes to its streams as native libraries and loggers do, before and after it has a log."""
    log_to_nameless_file()

    def run(asked: Request, send: Send, _control: RunControl) -> None:
        assert isinstance(asked, TrainRequest)
        os.write(1, b"early native output\n")
        os.write(2, b"early native error\n")
        logging.getLogger("core.fake").info("an early record")
        continue_log_in(asked.sources[0].path)
        os.write(2, b"late native error\n")
        sys.stdout.write("a late print\n")
        sys.stdout.flush()
        logging.getLogger("core.fake").warning("a late record")
        sys.stderr.flush()
        send(RESULT)

    serve(connection, run)


def the_real_one(connection: Connection) -> None:
    """The program's own target."""
    run_worker(connection)
