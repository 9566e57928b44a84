"""Convert a SavedModel to a Core ML package, in a program that can be ended at any time."""

import importlib.util
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.computer.child_program import ProgramEnd, failure_text, run_program
from core.errors import ExportError
from core.export.programs.environment import program_environment
from core.messages.control import RunControl
from core.models.model_info import ModelInfo
from core.models.one_line_label import label_lines, one_line_label
from core.own_source import own_program_command
from core.text import Text
from core.version import program_version

CONVERSION_PROGRAM = "core/export/coreml/conversion_program.py"
SILENCE_LIMIT_S = 600.0
"""After this time a silent conversion counts as hanging."""


@dataclass(frozen=True, slots=True)
class CoremlRequest:
    """A request to convert a model.

    Attributes:
        saved_model: Folder with the model's `saved_model.pb`.
        output: The `.mlpackage` folder to create.
    """

    saved_model: Path
    output: Path
    info: ModelInfo

    def to_json_dict(self) -> dict[str, Any]:
        """Return the request for `conversion_program.py`."""
        return {
            "saved_model": str(self.saved_model),
            "output": str(self.output),
            "input_size": list(self.info.input_size),
            # As in `labels.txt`: valid text, and no two alike, since they are keys here.
            "labels": label_lines(self.info.labels),
            "metadata": _metadata(self.info),
        }


def convert_to_coreml(
    request: CoremlRequest, control: RunControl, *, silence_limit_s: float = SILENCE_LIMIT_S
) -> dict[str, Any]:
    """Write a package; return facts about it, JSON values.

    Raises:
        ExportError: If coremltools is missing, or can't convert the model.
        OSError: If the package can't be written.
        StopRequestedError: If a stop was asked for.
    """
    require_coremltools()
    said: dict[str, Any] = {}
    try:
        with tempfile.TemporaryDirectory(prefix="fieldguide-coreml-") as folder:
            path = Path(folder) / "request.json"
            path.write_text(json.dumps(request.to_json_dict()), encoding="utf-8")
            end = run_program(
                [*own_program_command(CONVERSION_PROGRAM), path],
                said.update,
                control,
                silence_limit_s=silence_limit_s,
                # Its temporary files are removed with the folder, even if it is killed.
                extra_environment=program_environment() | {"TMPDIR": folder},
            )
        return _report(said, end, silence_limit_s)
    except BaseException:
        shutil.rmtree(request.output, ignore_errors=True)
        raise


def require_coremltools() -> None:
    """Refuse a conversion where Apple's converter isn't installed.

    Raises:
        ExportError: If it is missing.
    """
    if importlib.util.find_spec("coremltools") is None:
        raise ExportError(
            Text(
                "Core ML packages are made by Apple's coremltools, which isn't installed here: it "
                "comes for Linux on x86-64 and for macOS only. Export on such a computer, or "
                "export as ONNX or TFLite."
            )
        )


def _report(said: dict[str, Any], end: ProgramEnd, silence_limit_s: float) -> dict[str, Any]:
    if end.exit_code == 0 and "report" in said and not end.timed_out:
        report: dict[str, Any] = said["report"]
        return report
    if "os_error" in said:
        number, reason, path = said["os_error"]
        raise OSError(number, reason, path)
    if "copy_errors" in said:
        raise shutil.Error([tuple(each) for each in said["copy_errors"]])
    if "write_error" in said:
        raise ExportError(
            Text(
                "coremltools can't write its temporary files into %1: %2. Free some space there, "
                "or name a folder on another disk in the variable TMPDIR.",
                tempfile.gettempdir(),
                str(said["write_error"]).rstrip("."),
            )
        )
    if "error" in said:
        raise ExportError(
            Text(
                "The model can't be converted to Core ML: %1. Export it as ONNX or TFLite.",
                str(said["error"]).rstrip("."),
            )
        )
    step = str(said.get("progress", "starting"))
    raise ExportError(failure_text(Text("The Core ML converter"), end, silence_limit_s, step))


def _metadata(info: ModelInfo) -> dict[str, Any]:
    """Return what Xcode shows of a model. Its licence isn't known."""
    height, width = info.input_size
    result = info.test or info.validation
    split = "test" if info.test else "validation"
    made_by = f"Fieldguide {program_version()}".strip()
    return {
        "author": f"Made with {made_by}",
        "version": info.created,
        "short_description": one_line_label(
            f"{info.name}: tells {len(info.labels)} classes of pictures apart. Accuracy "
            f"{100 * result.accuracy:.1f}% on {result.num_images} pictures ({split})."
        ),
        "input": f"A picture, RGB, {width} × {height} pixels; trained with fit {info.resize_mode}.",
        "facts": {
            "fieldguide.backbone": one_line_label(info.backbone),
            "fieldguide.fit": info.resize_mode.value,
            "fieldguide.dataset_fingerprint": one_line_label(info.dataset_fingerprint),
        },
    }
