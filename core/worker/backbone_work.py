"""Downloads and imports of backbones, told as events. Imported in the worker process only."""

from collections.abc import Callable

from core.backbones.prepare import download_backbone, import_backbone
from core.messages.control import RunControl, StopRequestedError
from core.messages.download_report import DownloadReport
from core.messages.events import BackboneImported, Event, Phase, RequestCancelled
from core.messages.reporter import Reporter
from core.messages.requests import DownloadBackboneRequest, ImportBackboneRequest


def download_or_import(
    request: DownloadBackboneRequest | ImportBackboneRequest,
    send: Callable[[Event], None],
    control: RunControl,
) -> None:
    """Carry out a request; the last event sent is a terminal one.

    Raises:
        FieldguideError: If it can't be done.
    """
    reporter = Reporter(send)
    report = DownloadReport(reporter, control)
    try:
        control.checkpoint()
        if isinstance(request, DownloadBackboneRequest):
            info = download_backbone(
                request.name,
                on_progress=report,
                check=report.check,
                on_prepare=lambda: reporter.start_phase(Phase.PREPARING_BACKBONE),
                trust=request.trust,
            )
        else:
            info = import_backbone(
                request.handle,
                request.name,
                value_range=request.value_range,
                input_size=request.input_size,
                trust=request.trust,
                download_progress=report,
                check=report.check,
            )
    except StopRequestedError:
        send(RequestCancelled())
        return
    send(BackboneImported(info))
