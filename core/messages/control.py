"""Ask a run to stop or pause."""

import threading
from collections.abc import Callable
from enum import StrEnum
from typing import assert_never


class Command(StrEnum):
    """Commands to a worker, at any time."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"


class StopRequestedError(Exception):
    """Unwinds a run that was asked to stop; never shown to a user."""


class RunControl:
    """Stop and pause of one run, set by one thread and obeyed by others.

    Args:
        on_pause: Called when a run pauses.
        on_resume: Called when it resumes.
    """

    def __init__(
        self,
        on_pause: Callable[[], None] = lambda: None,
        on_resume: Callable[[], None] = lambda: None,
    ) -> None:
        self._stopped = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._on_pause = on_pause
        self._on_resume = on_resume

    @property
    def stop_requested(self) -> bool:
        """Whether the run should come to its end."""
        return self._stopped.is_set()

    def obey(self, command: Command) -> None:
        """Note a command; the run follows at its next `checkpoint`."""
        match command:
            case Command.STOP:
                self._stopped.set()
                self._running.set()
            case Command.PAUSE:
                if not self._stopped.is_set():
                    self._running.clear()
            case Command.RESUME:
                self._running.set()
            case _:
                assert_never(command)

    def checkpoint(self) -> None:
        """Wait while paused.

        Raises:
            StopRequestedError: If the run should stop.
        """
        if not self._running.is_set():
            self._on_pause()
            self._running.wait()
            if not self._stopped.is_set():
                self._on_resume()
        if self._stopped.is_set():
            raise StopRequestedError
