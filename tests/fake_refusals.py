"""A worker that refuses a model until it is trusted, and then does as it is told."""

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from core.backbones.refusal import Refusal, UntrustedBackboneError
from core.backbones.trust import is_trusted
from core.messages.control import RunControl
from core.messages.events import (
    BackboneImported,
    Event,
    LearningRateFound,
    Phase,
    PhaseStarted,
    RunStarted,
    SpeedMeasured,
    TrainingFinished,
)
from core.messages.export_events import ExportFinished
from core.messages.requests import (
    DownloadBackboneRequest,
    ExportRequest,
    FindLearningRateRequest,
    ImportBackboneRequest,
    MeasureSpeedRequest,
    Request,
    ResumeRequest,
    TrainRequest,
    is_run_request,
)
from core.runs.speed_record import Speed, record_speed
from core.worker.main import serve
from tests.fake_downloads import info

REFUSAL = Refusal(
    name="/home/somebody/net",
    fingerprint="f00d",
    findings=("WriteFile in the function __inference_call_12, which the signature default calls",),
)
RUN_DIR = Path("run")


def refuses(connection: Connection) -> None:
    """Refuses `REFUSAL`, as long as it isn't trusted."""

    def run(request: Request, send: Callable[[Event], None], _control: RunControl) -> None:
        if is_run_request(request):
            send(RunStarted(RUN_DIR))
        send(PhaseStarted(Phase.PREPARING_BACKBONE))
        if not is_trusted(REFUSAL.fingerprint):
            raise UntrustedBackboneError(REFUSAL)
        send(_result(request))

    serve(connection, run)


def _result(request: Request) -> Event:
    match request:
        case ImportBackboneRequest() | DownloadBackboneRequest():
            return BackboneImported(info(request.name))
        case FindLearningRateRequest():
            return LearningRateFound(0.01)
        case MeasureSpeedRequest(config=config):
            record_speed(config.backbone, Speed(1000.0, 1e-4, 1.0))
            return SpeedMeasured(config.backbone, 1000.0, None)
        case ExportRequest(model_dir=model_dir):
            return ExportFinished(model_dir.parent / "exports", ())
        case TrainRequest() | ResumeRequest():
            return TrainingFinished(RUN_DIR, RUN_DIR / "model", 0.6, None, None, 3, 2, 1.5)
    raise TypeError(request)
