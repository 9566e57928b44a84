"""ONNX, for onnxruntime and everything else that reads it."""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.formats.format import Format
from core.export.formats.input_words import pixels_taken
from core.export_spec.export_format import ExportTarget
from core.models.model_info import ModelInfo
from core.text import Text


def _make(job: ExportJob, _target: ExportTarget, output: Path) -> MadeArtifact:
    from core.export.conversion.onnx import export_onnx

    return export_onnx(job, output)


def _notes(info: ModelInfo) -> list[str]:
    return [
        "`predict.py` needs NumPy, Pillow and onnxruntime 1.16 or later.",
        f"In other programs: it takes {pixels_taken(info)}, and gives `probabilities`.",
    ]


ONNX = Format(
    name="onnx",
    position=60,
    title=Text("ONNX"),
    purpose=Text("For onnxruntime, .NET, Java and most other tools."),
    card_title="ONNX",
    artifact="model.onnx",
    predict="onnx.py",
    runtimes=("onnxruntime",),
    make=_make,
    client_notes=_notes,
)
