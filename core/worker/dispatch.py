"""Carry out requests. Imported in the worker process only."""

from collections.abc import Callable
from typing import assert_never

from core.messages.control import RunControl, StopRequestedError
from core.messages.download_report import DownloadReport
from core.messages.events import BackboneImported, Event, Phase, RequestCancelled
from core.messages.reporter import Reporter
from core.messages.requests import (
    CheckImagesRequest,
    CountImagesRequest,
    DownloadBackboneRequest,
    ExportRequest,
    FindLearningRateRequest,
    ImportBackboneRequest,
    MeasureSpeedRequest,
    Request,
    ResumeRequest,
    TrainRequest,
)


def carry_out(request: Request, send: Callable[[Event], None], control: RunControl) -> None:
    """Carry out a request; the last event sent is a terminal one.

    Raises:
        FieldguideError: If it can't be done.
    """
    # Imported here: only what the request needs.
    match request:
        case ImportBackboneRequest() | DownloadBackboneRequest():
            _download_or_import(request, send, control)
        case CheckImagesRequest():
            from core.worker.image_check import check_images

            check_images(request, send, control)
        case CountImagesRequest():
            from core.worker.image_check import count_images

            count_images(request, send)
        case MeasureSpeedRequest():
            from core.training.speed_measurement import measure_speed

            measure_speed(request, send, control)
        case FindLearningRateRequest():
            from core.training.learning_rate_finder import find_learning_rate

            find_learning_rate(request, send, control)
        case ExportRequest():
            from core.export.export_run import export_model

            export_model(request, send, control)
        case TrainRequest() | ResumeRequest():
            from core.training.run import TrainingRun

            TrainingRun(request, send, control).carry_out()
        case _:
            assert_never(request)


def _download_or_import(
    request: DownloadBackboneRequest | ImportBackboneRequest,
    send: Callable[[Event], None],
    control: RunControl,
) -> None:
    """Carry out a request; the last event sent is a terminal one.

    Raises:
        FieldguideError: If it can't be done.
    """
    from core.backbones.prepare import download_backbone, import_backbone

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
