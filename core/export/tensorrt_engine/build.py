"""Build a TensorRT engine from an ONNX file, for GPUs too new for TF-TRT as well."""

import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.computer.child_program import ProgramEnd, failure_text, run_program
from core.errors import ExportError
from core.export.programs.environment import program_environment
from core.export.tftrt.capability import find_tftrt_python
from core.export_spec.export_format import Precision
from core.messages.control import RunControl
from core.own_source import is_frozen, source_root
from core.text import Text

SILENCE_LIMIT_S = 1800.0
"""After this time a silent build counts as hanging; TensorRT tries kernels for minutes."""

_PROGRAM = source_root() / "core/export/tensorrt_engine/engine_program.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRequest:
    """A request to build an engine.

    Attributes:
        onnx: The model, with the input `images` and the output `probabilities`.
        output: File to write.
        python: Interpreter with NVIDIA's `tensorrt` package.
        batch_sizes: The largest is the limit of the engine.
        workspace_mib: GPU memory in MiB that it may use as workspace.
        calibration_images: A `.npy` of uint8 `(n, height, width, 3)`, for INT8.
    """

    onnx: Path
    output: Path
    python: Path
    precision: Precision
    batch_sizes: tuple[int, ...]
    workspace_mib: int
    calibration_images: Path | None = None

    def to_json_dict(self) -> dict[str, Any]:
        """Return the request for `engine_program.py`."""
        images = self.calibration_images
        return {
            "onnx": str(self.onnx),
            "output": str(self.output),
            "precision": self.precision.value,
            "batch_sizes": list(self.batch_sizes),
            "workspace_mib": self.workspace_mib,
            "calibration_pictures": str(images) if images else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineReport:
    """An engine that was built.

    Attributes:
        tensorrt: Version of TensorRT; an engine runs with this version only.
        gpu: That it was built for, and runs on.
        compute_capability: Of that GPU.
        num_layers: Of the network, before TensorRT fused layers.
    """

    tensorrt: str
    gpu: str
    compute_capability: tuple[int, int]
    num_layers: int

    def to_json_dict(self) -> dict[str, Any]:
        """Return the details for `export.json`."""
        return {
            "tensorrt": self.tensorrt,
            "gpu": self.gpu,
            "compute_capability": list(self.compute_capability),
            "num_layers": self.num_layers,
        }


def find_tensorrt_python(chosen: Path | None) -> Path:
    """Find the Python to build with: the running one if it has `tensorrt`, else that of TF-TRT.

    Raises:
        ExportError: If there is none.
    """
    if is_frozen():  # and no interpreter itself
        python = find_tftrt_python(chosen)
        if python is None:
            raise ExportError(
                Text(
                    "TensorRT engines are built by another Python with NVIDIA's tensorrt package: "
                    "name one in the settings of the export, or with --tftrt-python."
                )
            )
        return python
    if chosen is None and importlib.util.find_spec("tensorrt") is not None:
        return Path(sys.executable)
    return find_tftrt_python(chosen) or Path(sys.executable)


def build_engine(
    request: EngineRequest,
    control: RunControl,
    on_progress: Callable[[str], None],
    *,
    silence_limit_s: float = SILENCE_LIMIT_S,
) -> EngineReport:
    """Build an engine for this computer's GPU.

    Args:
        on_progress: Called with the name of each step.
        silence_limit_s: Seconds without progress after which the program is killed.

    Raises:
        ExportError: If the package or a GPU is missing, or the build fails.
        StopRequestedError: If a stop was asked for.
    """
    said: dict[str, Any] = {}

    def on_message(message: dict[str, Any]) -> None:
        said.update(message)
        if "progress" in message:
            on_progress(message["progress"])

    with tempfile.TemporaryDirectory(prefix="fieldguide-tensorrt-") as folder:
        path = Path(folder) / "request.json"
        path.write_text(json.dumps(request.to_json_dict()), encoding="utf-8")
        end = run_program(
            (request.python, _PROGRAM, path),
            on_message,
            control,
            silence_limit_s=silence_limit_s,
            extra_environment=program_environment(),
        )
    if end.exit_code == 0 and "report" in said and not end.timed_out:
        found = said["report"]
        major, minor = found["compute_capability"]
        return EngineReport(
            tensorrt=found["tensorrt"],
            gpu=found["gpu"],
            compute_capability=(major, minor),
            num_layers=found["num_layers"],
        )
    request.output.unlink(missing_ok=True)
    raise ExportError(_reason(said, end, silence_limit_s))


def _reason(said: dict[str, Any], end: ProgramEnd, silence_limit_s: float) -> str:
    if "refusal" in said:
        return Text(
            "No TensorRT engine was built: %1. Engines are built on the machine with the GPU that "
            "they are for; the ONNX format needs none.",
            str(said["refusal"]),
        )
    step = said.get("progress", "Starting")
    if "error" in said:
        error = str(said["error"])
        return Text("TensorRT could not build the engine (step: %1): %2.", step, error)
    return failure_text(Text("The TensorRT builder"), end, silence_limit_s, step)
