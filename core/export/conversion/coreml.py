"""Export a model as a Core ML package, and choose how it is verified."""

import sys
from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.coreml.conversion import CoremlRequest, convert_to_coreml
from core.export.programs.environment import program_environment
from core.export.verification.artifact_check import CheckCommand
from core.own_source import own_program_command
from core.text import Text

SIMULATION_PROGRAM = "core/export/coreml/simulation_program.py"
NOT_CORE_ML = Text(
    "Core ML runs on macOS alone: here TensorFlow computed the package's own program with its own "
    "weights, rounded to 16 bits as Core ML does. To verify it with Core ML itself, export on a "
    "Mac."
)


def export_coreml(job: ExportJob, output: Path) -> MadeArtifact:
    """Write an ML program in a package: pictures to classes, float16.

    Raises:
        ExportError: If coremltools is missing, or the model has operations that it doesn't know.
        OSError: If it can't be written.
        StopRequestedError: If a stop was asked for.
    """
    request = CoremlRequest(job.saved_model_dir, output, job.info)
    details = convert_to_coreml(request, job.control)
    if sys.platform == "darwin":
        return MadeArtifact(details=details)
    if details["not_computed"]:
        return MadeArtifact(details=details, check=None, unverified=_not_computed(details))
    command = own_program_command(SIMULATION_PROGRAM)
    return MadeArtifact(
        details=details,
        check=CheckCommand(start=command, environment=program_environment()),
        unverified=NOT_CORE_ML,
    )


def _not_computed(details: dict[str, str]) -> Text:
    return Text(
        "Core ML runs on macOS alone, and the package has an operation (%1) that can't be computed "
        "without it. Here only its inputs, outputs and classes were compared with the model's. To "
        "verify it, export on a Mac.",
        details["not_computed"],
    )
