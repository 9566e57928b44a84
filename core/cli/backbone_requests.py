"""Downloads and imports of backbones in a worker, shown in the terminal."""

from collections.abc import Iterator

from core.backbones.backbone import BackboneInfo
from core.cli.output import complain
from core.errors import WorkerCrashedError
from core.worker.events import BackboneImported, Event, RequestCancelled, RequestFailed
from core.worker.process import WorkerProcess
from core.worker.requests import DownloadBackboneRequest, ImportBackboneRequest

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130

BackboneRequest = DownloadBackboneRequest | ImportBackboneRequest


def follow(request: BackboneRequest) -> tuple[int, BackboneInfo | None]:
    """Carry out a request with a progress bar; Ctrl-C stops it, and what came is kept for later.

    Returns:
        The program's exit code, and the backbone if there is one now.
    """
    # Imported here: other commands shouldn't wait for the display's modules.
    from core.cli.run_display import stopping_on_signals
    from core.cli.run_terminal import TerminalDisplay

    process = WorkerProcess()
    display = TerminalDisplay()
    last: Event | None = None
    try:
        with stopping_on_signals(process):
            for last in _events_to_the_end(process, request):
                display.show(last)
    finally:
        display.close()
    match last:
        case RequestFailed(message):
            complain(message)
            return EXIT_FAILED, None
        case RequestCancelled():
            complain("Stopped. The same command goes on where it was.")
            return EXIT_INTERRUPTED, None
    assert isinstance(last, BackboneImported)
    return 0, last.info


def _events_to_the_end(process: WorkerProcess, request: BackboneRequest) -> Iterator[Event]:
    """All events, with a terminal one even when the worker could send none."""
    try:
        yield from process.events(request)
    except WorkerCrashedError as error:
        yield RequestFailed(str(error))
