"""Sends events, no more of them than a user can follow."""

import time
from collections.abc import Callable

from core.messages.events import BatchFinished, Event, Phase, PhaseProgressed, PhaseStarted

_INTERVAL_S = 0.1


class Reporter:
    """Sends events; of progress and of batches at most ten a second each.

    Args:
        send: Where events go.
    """

    def __init__(self, send: Callable[[Event], None]) -> None:
        self.send = send
        self._phase = Phase.SCANNING
        self._total: int | None = None
        self._done_before = 0
        self._held_back: int | None = None
        self._started = self._sent = self._batch_sent = time.monotonic()

    def start_phase(self, phase: Phase, total: int | None = None, done: int = 0) -> None:
        """Begin a phase.

        Args:
            total: Its units, if known.
            done: Those that were finished before, which say nothing about the rate.
        """
        self._phase, self._total, self._done_before = phase, total, done
        self._held_back = None
        self._started, self._sent = time.monotonic(), 0.0
        self.send(PhaseStarted(phase, total))

    def progress(self, done: int) -> None:
        """Report the units finished; the last one is always sent."""
        self._held_back = done
        if done == self._total or self._is_due():
            self._send_progress(done)

    def catch_up(self) -> None:
        """Send the progress that was held back, if there is any and it is time."""
        if self._held_back is not None and self._is_due():
            self._send_progress(self._held_back)

    def batch(self, event: BatchFinished) -> None:
        """Report finished steps; those at an epoch's end are always sent."""
        now = time.monotonic()
        if event.step == event.num_steps or now - self._batch_sent >= _INTERVAL_S:
            self._batch_sent = now
            self.send(event)

    def _is_due(self) -> bool:
        return time.monotonic() - self._sent >= _INTERVAL_S

    def _send_progress(self, done: int) -> None:
        self._held_back, self._sent = None, time.monotonic()
        rate = (done - self._done_before) / max(self._sent - self._started, 1e-9)
        self.send(PhaseProgressed(self._phase, done, self._total, rate))
