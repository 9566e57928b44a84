"""The events of an export."""

from dataclasses import dataclass
from pathlib import Path

from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportTarget


@dataclass(frozen=True, slots=True)
class ArtifactStarted:
    """Work on an artifact began; phases that follow are about it.

    Attributes:
        position: Of it among all targets, from 1.
        num_targets: How many there are.
    """

    target: ExportTarget
    position: int
    num_targets: int


@dataclass(frozen=True, slots=True)
class ArtifactFinished:
    """Work on an artifact is over, whether it succeeded or not."""

    result: ArtifactResult


@dataclass(frozen=True, slots=True)
class ExportFinished:
    """All targets were worked on.

    Attributes:
        folder: Where the artifacts' folders lie.
        results: In the order of the targets.
    """

    folder: Path
    results: tuple[ArtifactResult, ...]
