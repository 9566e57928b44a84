"""A TensorRT engine, for NVIDIA GPUs, also those newer than TF-TRT knows."""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.formats.format import Format
from core.export.formats.input_words import pixels_taken
from core.export_spec.export_format import ExportTarget
from core.models.model_info import ModelInfo
from core.text import Text


def _make(job: ExportJob, target: ExportTarget, output: Path) -> MadeArtifact:
    from core.export.conversion.tensorrt import export_engine

    return export_engine(job, target, output)


def _notes(info: ModelInfo) -> list[str]:
    return [f"In other programs: it takes {pixels_taken(info)}, and gives `probabilities`."]


TENSORRT = Format(
    name="tensorrt",
    position=80,
    title=Text("TensorRT engine"),
    purpose=Text("For NVIDIA GPUs, also the newest ones."),
    card_title="TensorRT engine",
    artifact="model.engine",
    predict="tensorrt.py",
    runtimes=("tensorrt", "cuda"),
    relative_size=None,
    has_precision=True,
    make=_make,
    client_notes=_notes,
    runs_on="On a computer with an NVIDIA GPU",
)
