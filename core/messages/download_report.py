"""The progress of a download as events."""

from core.messages.control import RunControl
from core.messages.events import Phase
from core.messages.reporter import Reporter

_NOT_BEGUN = -1


class DownloadReport:
    """Called with the bytes that have come and those there will be.

    Args:
        reporter: Gets the phase when the first call comes, and again if the total changes or
            the download begins anew.
        control: Stop and pause.
    """

    def __init__(self, reporter: Reporter, control: RunControl) -> None:
        self._reporter, self._control = reporter, control
        self._total: int | None = _NOT_BEGUN
        self._done = 0

    def __call__(self, done: int, total: int | None) -> None:
        """Report, at most ten times a second."""
        if total != self._total or done < self._done:
            self._total = total
            self._reporter.start_phase(Phase.DOWNLOADING, total, done)
        self._done = done
        self._reporter.progress(done)

    def check(self) -> None:
        """Report what was held back, which is all there will be while a server is silent.

        Raises:
            StopRequestedError: If the download should stop.
        """
        self._control.checkpoint()
        self._reporter.catch_up()
