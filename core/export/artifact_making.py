"""Make an artifact, verify it and describe it."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ExportError
from core.export.artifact_folder import describe_artifact, record_result, size_of
from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.export_card import export_card
from core.export.formats.format import format_named
from core.export.verification.artifact_check import CheckCommand, ask_artifact
from core.export.verification.comparison import compare, problems_of
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.export_spec.export_format import ExportTarget
from core.messages.events import Phase
from core.messages.reporter import Reporter
from core.storage.atomic_file import write_bytes_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The model's predictions for the images that artifacts are verified with.

    Attributes:
        probabilities: float32 `(n, num_classes)`.
        classes: int64 `(n,)`, true class index.
        images_path: `.npy` with the images, uint8 `(n, height, width, 3)`.
        origin: Which images they are, in words.
    """

    probabilities: NDArray[np.float32]
    classes: NDArray[np.int64]
    images_path: Path
    origin: str

    @property
    def accuracy(self) -> float:
        """Top-1 accuracy of the model on them, in [0, 1]."""
        return float((self.probabilities.argmax(axis=1) == self.classes).mean())


class ArtifactMaking:
    """Makes, verifies and describes artifacts of one model.

    Args:
        reference: What they must agree with.
    """

    def __init__(self, job: ExportJob, reference: Reference, reporter: Reporter) -> None:
        self._job, self._reference, self._reporter = job, reference, reporter

    def make(self, target: ExportTarget, folder: Path, place: Path) -> ArtifactResult:
        """Make an artifact in `folder`, with description and verdict.

        Args:
            folder: Empty.
            place: The folder's later place; the result has this path.

        Returns:
            The result; its verdict tells if verification failed.

        Raises:
            FieldguideError: If the artifact can't be made.
            OSError: If it can't be written.
            StopRequestedError: If a stop was asked for.
        """
        self._reporter.start_phase(Phase.CONVERTING)
        artifact = self._place_of(target)
        made = format_named(target.format.name).make(self._job, target, folder / artifact)
        describe_artifact(folder, target, artifact, self._job.info)
        result = ArtifactResult(
            target=target,
            folder=place,
            path=place / artifact,
            size_bytes=size_of(folder / artifact),
            verdict=Verdict.NOT_VERIFIED,
            notes=made.notes,
            details=made.details,
        )
        result = self._verified(result, made, folder)
        record_result(folder, result, self._job.info)
        card = export_card(self._job.info, result, self._reference.origin)
        write_bytes_atomically(folder / "README.md", card.encode("utf-8"))
        return result

    def _place_of(self, target: ExportTarget) -> Path:
        """Return the path of an artifact inside its folder.

        With a version, a SavedModel lies in a folder of that number, whose parent is TensorFlow
        Serving's `--model_base_path`.
        """
        place = Path(target.format.artifact)
        version = self._job.options.version
        return place / str(version) if version and target.format.has_version else place

    def _verified(self, result: ArtifactResult, made: MadeArtifact, folder: Path) -> ArtifactResult:
        unverified = (made.unverified,) if made.unverified else ()
        if made.check is None:
            return replace(result, problems=unverified)
        try:
            verification = self._compared(made.check, folder)
        except ExportError as error:
            problems = (str(error), *unverified)
            return replace(result, verdict=Verdict.FAILED, problems=problems)
        problems = problems_of(result.target, verification)
        agreeing = Verdict.IN_PART if unverified else Verdict.PASSED
        return replace(
            result,
            verification=verification,
            verdict=Verdict.FAILED if problems else agreeing,
            problems=(*problems, *unverified),
        )

    def _compared(self, command: CheckCommand, folder: Path) -> Verification:
        reference = self._reference
        num_images, num_classes = reference.probabilities.shape
        self._reporter.start_phase(Phase.VERIFYING, num_images)
        answers = ask_artifact(
            command,
            folder,
            reference.images_path,
            self._job.control,
            self._reporter.progress,
            num_images=num_images,
            num_classes=num_classes,
        )
        return compare(answers, reference.probabilities, reference.classes)
