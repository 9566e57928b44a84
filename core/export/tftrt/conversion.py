"""Convert a SavedModel with TF-TRT, in a program under another Python."""

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.computer.child_program import ProgramEnd, failure_text, run_program
from core.errors import ExportError
from core.export.programs.environment import program_environment
from core.export.tftrt.capability import TftrtCapability, program_path
from core.export.tftrt.report import (
    COMPUTES_NOTHING,
    NotConverted,
    TftrtReport,
    report_from_message,
)
from core.export_spec.export_format import Precision
from core.messages.control import RunControl
from core.text import Text, sentences

SILENCE_LIMIT_S = 600.0
"""After this time a silent conversion counts as hanging."""

BUILD_SILENCE_LIMIT_S = 1800.0
"""The same where engines are built: TensorRT tries kernels for all batch sizes in one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TftrtRequest:
    """A request to convert a model.

    Attributes:
        saved_model: Folder with the model's `saved_model.pb`.
        output: Folder to create for the converted SavedModel; must not exist.
        capability: Of the Python that converts.
        batch_sizes: Engines are built for these.
        workspace_mib: GPU memory in MiB that an engine may use as workspace.
        min_segment_size: Smallest number of operations in an engine.
        calibration_images: A `.npy` of uint8 `(n, height, width, 3)`, for INT8.
    """

    saved_model: Path
    output: Path
    precision: Precision
    capability: TftrtCapability
    batch_sizes: tuple[int, ...]
    workspace_mib: int
    min_segment_size: int
    calibration_images: Path | None = None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the request for `conversion_program.py`."""
        images = self.calibration_images
        return {
            "saved_model": str(self.saved_model),
            "output": str(self.output),
            "precision": self.precision.value,
            "batch_sizes": list(self.batch_sizes),
            "workspace_mib": self.workspace_mib,
            "min_segment_size": self.min_segment_size,
            "calibration_pictures": str(images) if images else None,
            "build_engines": self.capability.can_run,
        }


def convert_with_tftrt(
    request: TftrtRequest,
    control: RunControl,
    on_progress: Callable[[str], None],
    *,
    silence_limit_s: float | None = None,
) -> TftrtReport:
    """Convert and save; with a GPU, also build engines and measure.

    Args:
        on_progress: Called with the name of each step.
        silence_limit_s: Seconds without progress after which the program is killed; by default
            `SILENCE_LIMIT_S`, where engines are built `BUILD_SILENCE_LIMIT_S`.

    Raises:
        ExportError: If it can't be done, or TensorRT can run no operation at all.
        StopRequestedError: If a stop was asked for.
    """
    require_capability(request.capability, request.precision)
    if silence_limit_s is None:
        can_build = request.capability.can_run
        silence_limit_s = BUILD_SILENCE_LIMIT_S if can_build else SILENCE_LIMIT_S
    said: dict[str, Any] = {}

    def on_message(message: dict[str, Any]) -> None:
        said.update(message)
        if "progress" in message:
            on_progress(message["progress"])

    try:
        end = _run(request, on_message, control, silence_limit_s)
        report = _report(said, end, silence_limit_s)
        _require_engines(report)
    except BaseException:
        shutil.rmtree(request.output, ignore_errors=True)
        raise
    return report


def require_capability(capability: TftrtCapability, precision: Precision) -> None:
    """Refuse a conversion that an environment can't do, before anything is started.

    Raises:
        ExportError: With what is missing.
    """
    if not capability.can_convert:
        problems = capability.problems or (Text("TF-TRT can't be used here."),)
        raise ExportError(sentences(*problems))
    if precision is Precision.INT8 and not capability.can_run:
        raise ExportError(
            sentences(
                Text(
                    "INT8 calibration needs an NVIDIA GPU that TF-TRT supports, because TensorRT "
                    "measures the range of each value by running the model there. Choose FP32 or "
                    "FP16 here, or export on the machine with the GPU."
                ),
                *capability.problems,
            )
        )


def _run(
    request: TftrtRequest,
    on_message: Callable[[dict[str, Any]], None],
    control: RunControl,
    silence_limit_s: float,
) -> ProgramEnd:
    assert request.capability.python is not None
    with tempfile.TemporaryDirectory(prefix="fieldguide-tftrt-") as folder:
        path = Path(folder) / "request.json"
        path.write_text(json.dumps(request.to_json_dict()), encoding="utf-8")
        return run_program(
            (request.capability.python, program_path("conversion_program.py"), path),
            on_message,
            control,
            silence_limit_s=silence_limit_s,
            # Its temporary files are removed with the folder, even if it is killed.
            extra_environment=program_environment() | {"TMPDIR": folder},
        )


def _report(said: dict[str, Any], end: ProgramEnd, silence_limit_s: float) -> TftrtReport:
    if end.exit_code == 0 and "report" in said and not end.timed_out:
        return report_from_message(said["report"])
    step = said.get("progress", "Starting")
    if "error" in said:
        raise ExportError(
            Text(
                "TensorFlow could not convert the model (step: %1): %2. Try another precision or "
                "a larger minimum segment size; the SavedModel and ONNX formats need no TensorRT.",
                step,
                said["error"].rstrip("."),
            )
        )
    failure = failure_text(Text("The TF-TRT converter"), end, silence_limit_s, step)
    raise ExportError(Text("%1 Check the environment with: make tftrt", failure))


def _require_engines(report: TftrtReport) -> None:
    if report.engines:
        return
    reasons = "; ".join(f"{left.type}: {left.reason.rstrip('.')}" for left in _typical(report))
    raise ExportError(
        Text(
            "TensorRT can run none of the %1 operations, so nothing was converted. Reasons: %2. "
            "Lower the minimum segment size, or use another format.",
            report.num_operations,
            reasons,
        )
    )


def _typical(report: TftrtReport) -> list[NotConverted]:
    """Return an operation per reason, at most three, those that compute something first."""
    ordered = sorted(report.not_converted, key=lambda left: left.type in COMPUTES_NOTHING)
    by_reason: dict[str, NotConverted] = {}
    for left in ordered:
        by_reason.setdefault(left.reason, left)
    return list(by_reason.values())[:3]
