"""Events on their way out, not more of them than anybody could look at."""

import time
from collections.abc import Callable

from core.worker.events import BatchFinished, Event, Phase, PhaseProgressed, PhaseStarted

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
        self._started = self._sent = self._batch_sent = time.monotonic()

    def start_phase(self, phase: Phase, total: int | None = None) -> None:
        """Begin a phase, with the number of its units if known."""
        self._phase, self._total = phase, total
        self._started, self._sent = time.monotonic(), 0.0
        self.send(PhaseStarted(phase, total))

    def progress(self, done: int) -> None:
        """Units of the phase that are finished; the last one is always sent."""
        now = time.monotonic()
        if done == self._total or now - self._sent >= _INTERVAL_S:
            self._sent = now
            rate = done / max(now - self._started, 1e-9)
            self.send(PhaseProgressed(self._phase, done, self._total, rate))

    def batch(self, event: BatchFinished) -> None:
        """Steps that are finished; those at an epoch's end are always sent."""
        now = time.monotonic()
        if event.step == event.num_steps or now - self._batch_sent >= _INTERVAL_S:
            self._batch_sent = now
            self.send(event)
