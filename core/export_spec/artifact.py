"""The result of one export: the artifact and how it compares with its model."""

from dataclasses import asdict, dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any, assert_never

from core.export_spec.export_format import ExportTarget
from core.text import Text


class Verdict(IntEnum):
    """The outcome of an export, the best first.

    Attributes:
        PASSED: It was run and agrees with its model.
        IN_PART: All that could be run on this computer agrees.
        NOT_VERIFIED: It can't be run on this computer.
        FAILED: It can't be used, or disagrees with its model.
        NOT_MADE: There is no artifact.
    """

    PASSED = 0
    IN_PART = 1
    NOT_VERIFIED = 2
    FAILED = 3
    NOT_MADE = 4

    @property
    def passed(self) -> bool | None:
        """The verdict in files and JSON lines; None if it could not be verified."""
        match self:
            case Verdict.PASSED:
                return True
            case Verdict.FAILED:
                return False
            case Verdict.IN_PART | Verdict.NOT_VERIFIED | Verdict.NOT_MADE:
                return None
            case _:
                assert_never(self)

    @property
    def text(self) -> Text:
        """Its name for users."""
        match self:
            case Verdict.PASSED:
                return Text("passed")
            case Verdict.IN_PART:
                return Text("verified in part")
            case Verdict.NOT_VERIFIED:
                return Text("not verified")
            case Verdict.FAILED:
                return Text("failed")
            case Verdict.NOT_MADE:
                return Text("not made")
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """An artifact's predictions compared with its model's, on the same images.

    Attributes:
        runtime: That ran the artifact, with its version: `LiteRT 2.3.0`.
        num_images: Images of the comparison.
        top1_agreement: Fraction of them for which both predict the same class, in [0, 1].
        max_abs_diff: Largest difference of a probability.
        mean_abs_diff: Mean difference over all images and classes.
        accuracy: Of the artifact, top-1, in [0, 1]; None if the images have no labels.
        interval: 95% Wilson interval of `accuracy`.
        model_accuracy: Of the model on the same images.
        latency_ms_p50: Median time of one image alone (batch 1), in milliseconds, decoding
            not included; None if no time was taken.
        latency_ms_p95: Likewise, 95th percentile.
        images_per_s: Images a second in batches.
        batch_size: Size of these batches.
        change_interval: 95% interval of `accuracy_change`; see `paired_change_interval`.
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
        verdict: Whether it agrees with its model, and whether there is one at all.
        problems: Why it failed or was not verified, in sentences.
        notes: What else users should know, in sentences.
        details: Facts of the format, such as TF-TRT's engines; JSON values.
        error: Why there is no artifact; "" if there is one.

    Raises:
        ValueError: If there is an error without the verdict `NOT_MADE`, or the other way round.
    """

    target: ExportTarget
    folder: Path | None = None
    path: Path | None = None
    size_bytes: int = 0
    verification: Verification | None = None
    verdict: Verdict = Verdict.NOT_MADE
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def __post_init__(self) -> None:
        if bool(self.error) != (self.verdict is Verdict.NOT_MADE):
            raise ValueError(f"{self.verdict!r} and error={self.error!r} don't go together")

    def to_json_dict(self) -> dict[str, Any]:
        """Return the line of `fieldguide export --json`; `export.json` holds it too."""
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
                "passed": self.verdict.passed,
                "problems": list(self.problems),
                "notes": list(self.notes),
                "details": self.details,
            }
        )


_FIGURES = ("top1_agreement", "max_abs_diff", "accuracy", "latency_ms_p50")
