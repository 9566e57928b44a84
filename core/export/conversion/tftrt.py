"""Convert a SavedModel with TF-TRT, and add what the target machine needs."""

import shutil
from pathlib import Path

from core.export.conversion.calibration import save_calibration_images
from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.tftrt.capability import check_tftrt, find_tftrt_python, program_path
from core.export.tftrt.conversion import TftrtRequest, convert_with_tftrt
from core.export.tftrt.report import TftrtReport
from core.export.tftrt.verification import tftrt_check_command
from core.export.verification.artifact_check import CHECK_PROGRAM, CheckCommand
from core.export_spec.export_format import ExportTarget, Precision
from core.storage.folder_copy import copy_folder
from core.text import Text, count_text

NATIVE_FOLDER = "native_saved_model"
_PROGRAM = "run_tftrt.py"


def export_tftrt(job: ExportJob, target: ExportTarget, output: Path) -> MadeArtifact:
    """Convert with TF-TRT, in a program of its own under a Python that has it.

    Without a GPU, the target machine builds the engines: `run_tftrt.py` and the original model, to
    compare with, lie next to the artifact.

    Raises:
        ExportError: If TF-TRT can't be used here, or converted nothing.
        StopRequestedError: If a stop was asked for.
    """
    assert target.precision is not None
    settings = job.options.tftrt
    capability = check_tftrt(find_tftrt_python(settings.python), job.control)
    calibration = None
    if target.precision is Precision.INT8 and capability.can_run:
        calibration = save_calibration_images(job)
    request = TftrtRequest(
        saved_model=job.saved_model_dir,
        output=output,
        precision=target.precision,
        capability=capability,
        batch_sizes=settings.batch_sizes,
        workspace_mib=settings.workspace_mib,
        min_segment_size=settings.min_segment_size,
        calibration_images=calibration,
    )
    report = convert_with_tftrt(request, job.control, lambda _doing: None)
    copy_folder(job.saved_model_dir, output.with_name(NATIVE_FOLDER))
    shutil.copyfile(program_path(_PROGRAM), output.with_name(_PROGRAM))
    check = tftrt_check_command(capability, CHECK_PROGRAM)
    return MadeArtifact(
        notes=(_summary(report), *report.notes),
        details=report.to_json_dict(),
        check=CheckCommand(start=check.command, environment=check.environment),
        unverified=check.note,
    )


def _summary(report: TftrtReport) -> Text:
    return count_text(
        "TensorRT runs %1 of %2 operations (%3) in %n engine(s).",
        "",
        report.engines,
        report.num_converted,
        report.num_operations,
        f"{100 * report.fraction:.2f}%",
    )
