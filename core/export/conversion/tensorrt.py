"""A TensorRT engine, by way of ONNX."""

import shutil
from pathlib import Path

from core.errors import ExportError
from core.export.conversion.onnx import export_onnx
from core.export.conversion.tftrt import save_calibration_pictures
from core.export.export_format import ExportTarget, Precision
from core.export.export_job import ExportJob, MadeArtifact
from core.export.tensorrt_engine.build import EngineRequest, build_engine, find_tensorrt_python
from core.export.tftrt.program_start import program_environment
from core.export.verification.artifact_check import CHECK_PROGRAM, CheckCommand
from core.models.model_info import ONNX_FILE

ENGINE_FILE = "model.engine"
_BESIDE = ("cuda_memory.py",)


def export_engine(job: ExportJob, target: ExportTarget, folder: Path) -> MadeArtifact:
    """Build an engine for this computer's GPU, in a program of its own.

    Raises:
        ExportError: If NVIDIA's package or a GPU is missing, or the build fails.
        StopRequestedError: If a stop was asked for.
    """
    assert target.precision is not None
    settings = job.options.tftrt
    python = find_tensorrt_python(settings.python)
    if not python.is_file():
        raise ExportError(f"The Python for TensorRT, {python}, is not there. Name another one.")
    onnx_dir = job.work / "onnx"
    onnx_dir.mkdir(exist_ok=True)
    if not (onnx_dir / ONNX_FILE).exists():
        export_onnx(job, onnx_dir)
    is_int8 = target.precision is Precision.INT8
    request = EngineRequest(
        onnx=onnx_dir / ONNX_FILE,
        output=folder / ENGINE_FILE,
        python=python,
        precision=target.precision,
        batch_sizes=settings.batch_sizes,
        workspace_mib=settings.workspace_mib,
        calibration_pictures=save_calibration_pictures(job) if is_int8 else None,
    )
    report = build_engine(request, job.control, lambda _doing: None)
    for name in _BESIDE:
        shutil.copyfile(Path(__file__).parents[1] / "predict" / name, folder / name)
    return MadeArtifact(
        artifact=Path(ENGINE_FILE),
        notes=(
            f"The engine runs on {report.gpu} with TensorRT {report.tensorrt} and nothing else; "
            "export it again for another GPU or version.",
        ),
        details=report.to_json_dict(),
        check=CheckCommand(
            start=(str(python), str(CHECK_PROGRAM)), environment=program_environment()
        ),
    )
