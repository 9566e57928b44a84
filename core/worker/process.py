"""A worker process from outside: start it, receive its events, stop it."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from typing import Any

from core.errors import WorkerCrashedError
from core.messages.control import Command
from core.messages.events import TERMINAL, Event
from core.messages.requests import Request, is_run_request
from core.text import Text
from core.worker.main import run_worker

_JOIN_S = 10.0


class WorkerProcess:
    """One freshly spawned interpreter that takes one request.

    It begins to load TensorFlow as soon as it is started, so one may be started before it
    is known what it will do.

    Args:
        target: What the child runs with its end of the pipe; tests pass others.
    """

    def __init__(self, target: Callable[[Connection], None] = run_worker) -> None:
        # Always spawn: a fork of a process with threads (Qt's, TensorFlow's) can deadlock.
        context = multiprocessing.get_context("spawn")
        self._connection, self._child_end = context.Pipe()
        self._process: Any = context.Process(target=target, args=(self._child_end,), daemon=True)
        self._is_killed = False

    def start(self) -> None:
        """Start the process; it waits for its request."""
        with _interrupts_held_back():
            self._process.start()
        if self._is_killed:  # before there was anything to kill
            self._process.kill()
        self._child_end.close()  # or the pipe would never report its end

    @property
    def is_alive(self) -> bool:
        """Whether the process was started and hasn't ended."""
        return self._process.pid is not None and bool(self._process.is_alive())

    def events(self, request: Request) -> Iterator[Event]:
        """Hand over the request and yield events until the terminal one.

        Raises:
            WorkerCrashedError: If the process goes away without a terminal event.
        """
        if self._process.pid is None:
            self.start()
        try:
            self._connection.send(request)
            while True:
                event: Event = self._connection.recv()
                yield event
                if isinstance(event, TERMINAL):
                    return
        except (EOFError, OSError):
            self._process.join()
            raise _crash(request, self._process.exitcode) from None
        finally:
            self._connection.close()
            self._end()

    def request_stop(self) -> None:
        """Ask the run to stop soon and keep its best weights."""
        self._say(Command.STOP)

    def request_pause(self) -> None:
        """Ask the run to pause."""
        self._say(Command.PAUSE)

    def request_resume(self) -> None:
        """Let a paused run continue."""
        self._say(Command.RESUME)

    def kill(self) -> None:
        """End the process at once, or as soon as it starts; a run keeps its last checkpoint."""
        self._is_killed = True
        if self._process.pid is not None:
            self._process.kill()

    def close(self) -> None:
        """Let go of a process that no request was given to; it ends."""
        self._connection.close()
        self._child_end.close()
        if self._process.pid is not None:
            self._end()

    def _say(self, command: Command) -> None:
        try:
            self._connection.send(command)
        except OSError:
            # The worker has ended meanwhile; its last events say how.
            return

    def _end(self) -> None:
        """See the process gone: it ends by itself when its pipe is closed."""
        self._process.join(_JOIN_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Have a process that is started here begin with Ctrl-C held back.

    Ctrl-C reaches the child too, which takes a second to get as far as ignoring it.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    # Its tracker process is started with the first child, and lets signals through again.
    resource_tracker.ensure_running()
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


def _crash(request: Request, exit_code: int | None) -> WorkerCrashedError:
    is_killed = exit_code is not None and exit_code < 0
    number = str(exit_code).removeprefix("-")
    if is_run_request(request):
        advice = Text(
            "Resume with `fieldguide resume` and the run's folder; its log.txt has the details."
        )
        if is_killed:
            reason = Text(
                "The training process was killed (signal %1), perhaps because memory ran out.",
                number,
            )
        else:
            reason = Text("The training process ended unexpectedly (exit code %1).", number)
    else:
        advice = Text("Try again.")
        if is_killed:
            reason = Text(
                "The worker process was killed (signal %1), perhaps because memory ran out.",
                number,
            )
        else:
            reason = Text("The worker process ended unexpectedly (exit code %1).", number)
    return WorkerCrashedError(reason, advice)
