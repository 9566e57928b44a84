"""What became of one export: the artifact and how it compares with its model."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from core.export_spec.export_format import ExportTarget


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """An artifact's answers beside its model's, on the same pictures.

    Attributes:
        runtime: What computed the artifact's, with its version: `LiteRT 2.3.0`.
        num_images: Pictures of the comparison.
        top1_agreement: Share of them for which both name the same class, in [0, 1].
        max_abs_diff: Largest difference of a probability.
        mean_abs_diff: Mean difference over all pictures and classes.
        accuracy: Of the artifact, top-1, in [0, 1]; None if the pictures have no labels.
        interval: 95 % Wilson interval of `accuracy`.
        model_accuracy: Of the model on the same pictures.
        latency_ms_p50: Median time of one picture alone (batch 1), in milliseconds, decoding
            not included; None if no time was taken.
        latency_ms_p95: Likewise, 95th percentile.
        images_per_s: Pictures a second in batches.
        batch_size: Size of these batches.
        change_interval: 95 % interval of `accuracy_change`; see `paired_change_interval`.
        balanced_accuracy: Of the artifact, see `metrics.balanced_accuracy`; None in exports of
            earlier versions.
    """

    runtime: str
    num_images: int
    top1_agreement: float
    max_abs_diff: float
    mean_abs_diff: float
    accuracy: float | None
    interval: tuple[float, float] | None
    model_accuracy: float | None
    latency_ms_p50: float | None
    latency_ms_p95: float | None
    images_per_s: float | None
    batch_size: int
    change_interval: tuple[float, float] | None = None
    balanced_accuracy: float | None = None

    @property
    def accuracy_change(self) -> float | None:
        """Accuracy of the artifact less that of its model."""
        if self.accuracy is None or self.model_accuracy is None:
            return None
        return self.accuracy - self.model_accuracy


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactResult:
    """An artifact that was made, or why it was not.

    Attributes:
        folder: Folder of the artifact with all that belongs to it; None if it was not made.
        path: The artifact itself, a file or a SavedModel folder; None if it was not made.
        size_bytes: Of the artifact.
        verification: None if it could not be run here.
        passed: Whether it agrees with its model; None if that could not be found out here.
        problems: Why it failed or was not verified, in sentences fit to show.
        notes: What else a person should know.
        details: Facts of the format, such as TF-TRT's engines; JSON values.
        error: Why there is no artifact; "" if there is one.
    """

    target: ExportTarget
    folder: Path | None = None
    path: Path | None = None
    size_bytes: int = 0
    verification: Verification | None = None
    passed: bool | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def to_json_dict(self) -> dict[str, Any]:
        """The line that `fieldguide export --json` prints; `export.json` holds it too."""
        names = {"format": self.target.format.name}
        if self.target.precision is not None:
            names["precision"] = self.target.precision.value
        if self.error:
            return names | {"error": self.error}
        figures = asdict(self.verification) if self.verification else dict.fromkeys(_FIGURES)
        if self.verification:
            figures["accuracy_change"] = self.verification.accuracy_change
        return (
            names
            | {"path": str(self.path), "size_bytes": self.size_bytes}
            | figures
            | {
                "passed": self.passed,
                "problems": list(self.problems),
                "notes": list(self.notes),
                "details": self.details,
            }
        )


_FIGURES = ("top1_agreement", "max_abs_diff", "accuracy", "latency_ms_p50")
