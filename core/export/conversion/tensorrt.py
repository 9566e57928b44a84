"""Build a TensorRT engine from the model's ONNX file."""

import shutil
from pathlib import Path

from core.export.conversion.calibration import save_calibration_images
from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.conversion.onnx import export_onnx
from core.export.tensorrt_engine.build import EngineRequest, build_engine, find_tensorrt_python
from core.export.verification.artifact_check import CHECK_PROGRAM, CheckCommand
from core.export_spec.export_format import ExportTarget, Precision
from core.own_source import source_root
from core.text import Text

_PROGRAMS = source_root() / "core/export/predict"


def export_engine(job: ExportJob, target: ExportTarget, output: Path) -> MadeArtifact:
    """Build an engine for this computer's GPU; it runs on no other.

    Raises:
        ExportError: If NVIDIA's package or a GPU is missing, or the build fails.
        StopRequestedError: If a stop was asked for.
    """
    assert target.precision is not None
    settings = job.options.tftrt
    python = find_tensorrt_python(settings.python)
    calibration = None
    if target.precision is Precision.INT8:
        calibration = save_calibration_images(job)
    onnx = job.work / "model.onnx"
    export_onnx(job, onnx)
    request = EngineRequest(
        onnx=onnx,
        output=output,
        python=python,
        precision=target.precision,
        batch_sizes=settings.batch_sizes,
        workspace_mib=settings.workspace_mib,
        calibration_images=calibration,
    )
    report = build_engine(request, job.control, lambda _doing: None)
    # `predict.py` needs it too.
    shutil.copyfile(_PROGRAMS / "cuda_memory.py", output.with_name("cuda_memory.py"))
    return MadeArtifact(
        notes=(Text("It runs with TensorRT %1 on an %2 only.", report.tensorrt, report.gpu),),
        details=report.to_json_dict(),
        check=CheckCommand(start=(str(python), str(CHECK_PROGRAM))),
    )
