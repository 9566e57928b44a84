"""A SavedModel whose operations NVIDIA TensorRT computes."""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.formats.format import Format
from core.export.formats.saved_model import signature_notes
from core.export_spec.export_format import ExportTarget
from core.models.model_info import SAVED_MODEL_FOLDER
from core.text import Text


def _make(job: ExportJob, target: ExportTarget, output: Path) -> MadeArtifact:
    from core.export.conversion.tftrt import export_tftrt

    return export_tftrt(job, target, output)


TF_TRT = Format(
    name="tf-trt",
    position=70,
    title=Text("TF-TRT"),
    purpose=Text("For TensorFlow programs on NVIDIA GPUs."),
    card_title="TensorFlow SavedModel with TensorRT (TF-TRT)",
    artifact=SAVED_MODEL_FOLDER,
    predict="tftrt.py",
    runtimes=("tensorflow",),
    relative_size=None,
    has_precision=True,
    make=_make,
    client_notes=lambda info: signature_notes(info, "2.17 with TensorRT"),
    runs_on="On a computer with an NVIDIA GPU",
)
