"""Downloads and imports of backbones in a worker, shown in the terminal."""

from core.backbones.backbone import BackboneInfo
from core.cli.output import EXIT_FAILED, EXIT_INTERRUPTED, complain
from core.messages.events import BackboneImported, RequestCancelled, RequestFailed
from core.messages.requests import DownloadBackboneRequest, ImportBackboneRequest

BackboneRequest = DownloadBackboneRequest | ImportBackboneRequest


def follow(request: BackboneRequest) -> tuple[int, BackboneInfo | None]:
    """Carry out a request with a progress bar; Ctrl-C stops it, and what came is kept for later.

    Returns:
        The program's exit code, and the backbone if there is one now.
    """
    # Imported here: other commands shouldn't wait for the display's modules.
    from core.cli.run_display import displayed_events
    from core.cli.run_terminal import TerminalDisplay

    *_, last = displayed_events(request, TerminalDisplay())
    match last:
        case RequestFailed(message):
            complain(message)
            return EXIT_FAILED, None
        case RequestCancelled():
            complain("Stopped. The same command goes on where it was.")
            return EXIT_INTERRUPTED, None
    assert isinstance(last, BackboneImported)
    return 0, last.info
