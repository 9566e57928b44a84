"""Show a run in the terminal and pass Ctrl-C on to it."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Protocol

from core.cli.output import EXIT_FAILED, EXIT_INTERRUPTED, complain
from core.cli.run_terminal import TerminalDisplay
from core.errors import WorkerCrashedError
from core.messages.event_json import event_to_json_dict
from core.messages.events import (
    Event,
    RequestFailed,
    RunStarted,
    TrainingCancelled,
)
from core.messages.requests import Request, RunRequest
from core.worker.process import WorkerProcess


class StoppingDisplay(Protocol):
    """Shows work that may be stopped."""

    def say_stopping(self) -> None:
        """Say that it is stopping, which may take a while."""
        ...


class Display(StoppingDisplay, Protocol):
    """Shows a run's events."""

    def show(self, event: Event) -> None:
        """Show one event."""
        ...

    def close(self) -> None:
        """Leave the terminal as it was."""
        ...


class Stoppable(Protocol):
    """Work that can be stopped from a signal handler."""

    def request_stop(self) -> None:
        """Ask it to stop soon and keep what it has."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


class JsonDisplay:
    """Prints one JSON object per line on standard output."""

    def show(self, event: Event) -> None:
        """Print and flush one event."""
        print(json.dumps(event_to_json_dict(event)), flush=True)

    def say_stopping(self) -> None:
        """Do nothing: the terminal event tells."""

    def close(self) -> None:
        """Do nothing."""


def follow_run(
    request: RunRequest, *, as_json: bool, on_begun: Callable[[Path], None] | None = None
) -> int:
    """Carry out a request in a worker and show it.

    Args:
        on_begun: Called with the run's folder as soon as there is one.

    Returns:
        The program's exit code.
    """
    code = 0
    for event in displayed_events(request, JsonDisplay() if as_json else TerminalDisplay()):
        if isinstance(event, RunStarted) and on_begun is not None:
            on_begun(event.run_dir)
        code = _exit_code(event, as_json=as_json)
    return code


def displayed_events(request: Request, display: Display) -> Iterator[Event]:
    """Carry out a request in a worker, show its events, and stop it on signals.

    Yields:
        All of them; a terminal one even if the worker could send none.
    """
    process = WorkerProcess()
    try:
        with stopping_on_signals(process, display):
            for event in _events_to_the_end(process, request):
                display.show(event)
                yield event
    finally:
        display.close()


def _events_to_the_end(process: WorkerProcess, request: Request) -> Iterator[Event]:
    try:
        yield from process.events(request)
    except WorkerCrashedError as error:
        yield RequestFailed.of(request, str(error))


def _exit_code(event: Event, *, as_json: bool) -> int:
    if isinstance(event, RequestFailed):
        complain(event.message)
        if event.traceback and not as_json:
            print("The run's log.txt has the details.", file=sys.stderr)
        return EXIT_FAILED
    return EXIT_INTERRUPTED if isinstance(event, TrainingCancelled) else 0


@contextmanager
def stopping_on_signals(process: Stoppable, display: StoppingDisplay) -> Iterator[None]:
    """Let the first Ctrl-C (or SIGTERM) stop the run gracefully, and a second one kill it."""
    asked = False

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            process.kill()
            raise KeyboardInterrupt
        asked = True
        process.request_stop()
        display.say_stopping()

    previous = {number: signal.signal(number, handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
