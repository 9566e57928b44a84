"""Convert a SavedModel to TensorFlow.js, in a program of its own."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.computer.child_program import ProgramEnd, failure_text, run_program
from core.errors import ExportError
from core.export.programs.environment import program_environment
from core.messages.control import RunControl
from core.own_source import own_program_command
from core.text import Text

SILENCE_LIMIT_S = 600.0
"""After this time a silent conversion counts as hanging."""

_PROGRAM = "core/export/tfjs/conversion_program.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class TfjsRequest:
    """A request to convert a model.

    Attributes:
        saved_model: Folder with the model's `saved_model.pb`.
        output: Folder to create, with `model.json` and the weights.
        work: Folder for temporary files.
        converter: Folder with the package `tensorflowjs`.
        metadata: Is stored in `model.json` as `userDefinedMetadata`.
    """

    saved_model: Path
    output: Path
    work: Path
    converter: Path
    metadata: dict[str, Any]


def convert_to_tfjs(
    request: TfjsRequest, control: RunControl, *, silence_limit_s: float = SILENCE_LIMIT_S
) -> dict[str, Any]:
    """Convert and save.

    Returns:
        Facts for `export.json`: the version of the converter.

    Raises:
        ExportError: If the model has operations that TensorFlow.js lacks, or the converter fails.
        OSError: If it can't be written.
        StopRequestedError: If a stop was asked for.
    """
    said: dict[str, Any] = {}
    work = request.work / "tfjs-conversion"
    work.mkdir()
    path = work / "request.json"
    content = {
        "saved_model": str(request.saved_model),
        "output": str(request.output),
        "work": str(work / "classifier"),
        "converter": str(request.converter),
        "metadata": request.metadata,
    }
    try:
        path.write_text(json.dumps(content), encoding="utf-8")
        end = run_program(
            (*own_program_command(_PROGRAM), path),
            said.update,
            control,
            silence_limit_s=silence_limit_s,
            extra_environment=program_environment(),
        )
        return _report(said, end, silence_limit_s)
    except BaseException:
        shutil.rmtree(request.output, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _report(said: dict[str, Any], end: ProgramEnd, silence_limit_s: float) -> dict[str, Any]:
    if end.exit_code == 0 and "report" in said and not end.timed_out:
        return dict(said["report"])
    step = str(said.get("progress", "Starting"))
    if said.get("errno") is not None:
        raise OSError(int(said["errno"]), str(said["error"]), said.get("path"))
    if "error" in said:
        raise ExportError(
            Text(
                "The model can't be converted to TensorFlow.js: %1. Export it as ONNX, which "
                "browsers run too, or as TFLite.",
                str(said["error"]).rstrip("."),
            )
        )
    raise ExportError(failure_text(Text("The TensorFlow.js converter"), end, silence_limit_s, step))
