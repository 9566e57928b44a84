"""Convert a SavedModel to TensorFlow.js, and lay a web page beside it that classifies pictures."""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.tfjs.conversion import TfjsRequest, convert_to_tfjs
from core.export.tfjs.environment import find_environment, node_problem
from core.export.tfjs.web_page import description_of, write_web_page
from core.export.verification.artifact_check import own_check_command


def export_tfjs(job: ExportJob, output: Path) -> MadeArtifact:
    """Write a graph model of TensorFlow.js, and the page with all that it needs.

    Raises:
        ExportError: If the converter isn't installed, or refuses the model.
        OSError: If it can't be written.
        StopRequestedError: If a stop was asked for.
    """
    environment = find_environment()
    request = TfjsRequest(
        saved_model=job.saved_model_dir,
        output=output,
        work=job.work,
        converter=environment.converter,
        metadata=description_of(job.info),
    )
    details = convert_to_tfjs(request, job.control)
    write_web_page(output, job.info, environment)
    problem = node_problem()
    return MadeArtifact(
        details=details,
        check=own_check_command() if problem is None else None,
        unverified=problem or "",
    )
