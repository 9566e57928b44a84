"""From a target to what makes it. Each part is imported when it is needed."""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export_spec.export_format import ExportFormat, ExportTarget
from core.models.model_info import LITERT_FILE


def make_artifact(job: ExportJob, target: ExportTarget, folder: Path) -> MadeArtifact:
    """Make an artifact in an empty folder.

    Raises:
        FieldguideError: If it can't be made.
        OSError: If it can't be written.
        StopRequestedError: If a stop was asked for.
    """
    match target.format:
        case ExportFormat.SAVED_MODEL:
            from core.export.conversion.saved_model import export_saved_model

            return export_saved_model(job, folder)
        case ExportFormat.ONNX:
            from core.export.conversion.onnx import export_onnx

            return export_onnx(job, folder)
        case ExportFormat.TF_TRT:
            from core.export.conversion.tftrt import export_tftrt

            return export_tftrt(job, target, folder)
        case ExportFormat.TENSORRT:
            from core.export.conversion.tensorrt import export_engine

            return export_engine(job, target, folder)
        case _:
            return _make_tflite(job, target.format, folder)


def _make_tflite(job: ExportJob, chosen: ExportFormat, folder: Path) -> MadeArtifact:
    from core.export.conversion.tflite import convert_to_tflite

    representative = None
    if chosen is ExportFormat.TFLITE_INT8:
        representative = job.training_pictures(job.options.num_representative)
    notes = convert_to_tflite(job.model_dir, job.info, chosen, folder / LITERT_FILE, representative)
    return MadeArtifact(artifact=Path(LITERT_FILE), notes=notes)
