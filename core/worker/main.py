"""The child process: it takes one request, sends events, and ends."""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from core.backbones.refusal import UntrustedError
from core.errors import FieldguideError
from core.messages.control import Command, RunControl
from core.messages.events import (
    TERMINAL,
    Event,
    RequestFailed,
    RunPaused,
    RunResumed,
)
from core.messages.requests import Request
from core.runs.log_file import log_to_nameless_file
from core.text import Text

_NO_RESULT_EXIT_CODE = 1

Run = Callable[[Request, Callable[[Event], None], RunControl], None]


def run_worker(connection: Connection) -> None:
    """Run the child process."""
    log_to_nameless_file()
    prepare_process()
    threading.Thread(target=_load_tensorflow, daemon=True).start()
    serve(connection, _run)
    # All that was asked for is on disk. Tearing the interpreter down while its other thread
    # still loads TensorFlow can hang or abort.
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)


def serve(connection: Connection, run: Run) -> None:
    """Take a request, carry it out, and see to it that exactly one terminal event is sent.

    Args:
        connection: The child's end of the pipe: requests and commands come, events go.
        run: Carries the request out and sends events.
    """
    sender = _Sender(connection)
    control = RunControl(lambda: sender.send(RunPaused()), lambda: sender.send(RunResumed()))
    try:
        request = _receive_request(connection, control)
    except (EOFError, OSError):
        return  # the parent has no need of this process, or went away
    threading.Thread(target=_listen, args=(connection, control), daemon=True).start()
    try:
        run(request, sender.send, control)
    except Exception as error:  # noqa: BLE001 - the one place where everything ends as an event
        refusal = error.refusal if isinstance(error, UntrustedError) else None
        sender.send(RequestFailed.of(request, *_message_and_details(error), refusal))
    assert sender.is_finished, "a run ended without a terminal event"


def prepare_process() -> None:
    """Set up what must be in place before TensorFlow is imported."""
    # Ctrl-C reaches the whole process group; only the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # `hub.KerasLayer` and everything built on it is Keras 2.
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    # Of SciPy's library, which adds up vectors for L-BFGS. Its threads spin while they wait: on two
    # cores that others use too, 60 iterations took 23 s instead of 0.7 s. TensorFlow has its own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _run(request: Request, send: Callable[[Event], None], control: RunControl) -> None:
    # Imported here, when the environment is set: it loads what training needs.
    from core.worker.dispatch import carry_out

    carry_out(request, send, control)


class _Sender:
    """Sends events from any thread, in order, none after the terminal one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self.is_finished = False

    def send(self, event: Event) -> None:
        with self._lock:
            if self.is_finished:
                return
            self.is_finished = isinstance(event, TERMINAL)
            self._connection.send(event)


def _receive_request(connection: Connection, control: RunControl) -> Request:
    """Receive the request; a command may come before it if the user is quick."""
    while isinstance(message := connection.recv(), Command):
        control.obey(message)
    request: Request = message
    return request


def _listen(connection: Connection, control: RunControl) -> None:
    """Pass on commands; without a parent to send any, end."""
    with suppress(EOFError, OSError):
        while True:
            control.obey(Command(connection.recv()))
    os._exit(_NO_RESULT_EXIT_CODE)


def _message_and_details(error: Exception) -> tuple[str, str]:
    if isinstance(error, FieldguideError):
        return str(error), ""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return Text("Memory ran out. Close other programs or use fewer pictures."), details
    summary = (str(error) or type(error).__name__).partition("\n")[0]
    return Text("Something unexpected went wrong: %1", summary), details


def _load_tensorflow() -> None:
    """Import TensorFlow, and what fits a head, while images are read: mostly it waits."""
    # An import that fails here fails again, and is reported, where TensorFlow is needed.
    with suppress(ImportError):
        import tensorflow as tf  # noqa: F401
    with suppress(ImportError):
        import scipy.optimize  # noqa: F401
