"""Exports that send what a real one sends, without converting anything."""

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

from core.errors import ExportError
from core.export.formats.onnx import ONNX
from core.export.formats.tf_trt import TF_TRT
from core.export.formats.tflite import TFLITE_FLOAT16
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.export_spec.export_format import ExportFormat, ExportTarget, Precision
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import Event, Phase, PhaseProgressed, PhaseStarted, RequestCancelled
from core.messages.export_events import ArtifactFinished, ArtifactStarted, ExportFinished
from core.messages.requests import ExportRequest, Request
from core.worker.main import prepare_process, serve

Send = Callable[[Event], None]
TOO_WEAK = "The model's accuracy on 40 pictures is 80.00%, below the 90.00% required."
NO_ONNX = "ONNX can't be made: tf2onnx is missing. Install it."
DISAGREES = "The export names 96.0% of the pictures as the model does, and 99% are required."
VERIFICATION = Verification(
    runtime="LiteRT 2.3.0",
    num_images=400,
    top1_agreement=1.0,
    max_abs_diff=2e-6,
    mean_abs_diff=1e-7,
    accuracy=0.925,
    interval=(0.895, 0.947),
    model_accuracy=0.928,
    change_interval=(-0.008, 0.002),
    latency_ms_p50=6.84,
    latency_ms_p95=9.5,
    images_per_s=152.4,
    batch_size=32,
)


def result(chosen: ExportFormat, output: Path, precision: Precision | None = None):
    """What becomes of a format: ONNX is not made, float16 fails, TF-TRT stays unverified."""
    target = ExportTarget(chosen, precision)
    folder = output / target.name
    made = ArtifactResult(
        target=target,
        folder=folder,
        path=folder / "model.tflite",
        size_bytes=13_400_000,
        verification=VERIFICATION,
        verdict=Verdict.PASSED,
    )
    if chosen is ONNX:
        return ArtifactResult(target=target, error=NO_ONNX)
    if chosen is TFLITE_FLOAT16:
        weak = replace(VERIFICATION, top1_agreement=0.96)
        return replace(made, verification=weak, verdict=Verdict.FAILED, problems=(DISAGREES,))
    if chosen is TF_TRT:
        details = {
            "engines": 1,
            "num_operations": 396,
            "num_converted": 394,
            "num_computing_operations": 147,
            "num_computing_converted": 146,
            "native": {"latency_ms_p50": 3.25},
            "tftrt": {"latency_ms_p50": 1.5},
            "not_converted": [{"name": "x", "type": "Pad", "reason": "it is not known"}],
        }
        problem = "There is no NVIDIA GPU here."
        return replace(
            made,
            verification=None,
            verdict=Verdict.NOT_VERIFIED,
            problems=(problem,),
            details=details,
        )
    return made


def _begin(send: Send) -> None:
    send(PhaseStarted(Phase.READING_IMAGES, 400))
    send(PhaseProgressed(Phase.READING_IMAGES, 400, 400, 100.0))
    send(PhaseStarted(Phase.EVALUATING, 400))
    send(PhaseProgressed(Phase.EVALUATING, 400, 400, 100.0))


def _make(send: Send, request: ExportRequest, number: int) -> ArtifactResult:
    targets = request.options.targets()
    target = targets[number]
    send(ArtifactStarted(target, number + 1, len(targets)))
    send(PhaseStarted(Phase.CONVERTING))
    send(PhaseStarted(Phase.VERIFYING, 400))
    send(PhaseProgressed(Phase.VERIFYING, 120, 400, 100.0))
    made = result(target.format, _output(request), target.precision)
    # So that a test can see what was asked for.
    made = replace(made, notes=(*made.notes, f"{request.options}"))
    send(ArtifactFinished(made))
    return made


def _output(request: ExportRequest) -> Path:
    return request.options.output or request.model_dir.parent / "exports"


def exports(connection: Connection) -> None:
    """All that is asked for, each with its verdict."""

    def run(request: Request, send: Send, _control: RunControl) -> None:
        assert isinstance(request, ExportRequest)
        _begin(send)
        count = len(request.options.targets())
        results = tuple(_make(send, request, number) for number in range(count))
        send(ExportFinished(_output(request), results))

    serve(connection, run)


def until_stopped(connection: Connection) -> None:
    """The first artifact, then it verifies the second until it is stopped."""
    prepare_process()

    def run(request: Request, send: Send, control: RunControl) -> None:
        assert isinstance(request, ExportRequest)
        _begin(send)
        _make(send, request, 0)
        targets = request.options.targets()
        send(ArtifactStarted(targets[1], 2, len(targets)))
        send(PhaseStarted(Phase.VERIFYING, 400))
        send(PhaseProgressed(Phase.VERIFYING, 120, 400, 100.0))
        try:
            while True:
                control.checkpoint()
                threading.Event().wait(0.005)
        except StopRequestedError:
            send(RequestCancelled())

    serve(connection, run)


def refuses(connection: Connection) -> None:
    """The model is not good enough."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        raise ExportError(TOO_WEAK)

    serve(connection, run)


def dies(connection: Connection) -> None:
    """Goes away as a process does that ran out of memory in a container."""

    def run(_request: Request, send: Send, _control: RunControl) -> None:
        _begin(send)
        os._exit(137)

    serve(connection, run)
