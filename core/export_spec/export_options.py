"""The settings of an export."""

from dataclasses import dataclass
from pathlib import Path

from core.data.dataset import ImageSource
from core.export_spec.export_format import ExportFormat, ExportTarget, Precision

_SMALLEST_WORKSPACE_MIB = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TftrtOptions:
    """Settings of TF-TRT and of TensorRT engines.

    Attributes:
        precisions: An artifact is made for each.
        batch_sizes: Engines are built for these; the largest is the profile's upper end.
        workspace_mib: GPU memory in MiB that TensorRT may use as workspace; TF-TRT's own
            default is 1,024 (`DEFAULT_TRT_MAX_WORKSPACE_SIZE_BYTES` of TensorFlow 2.17).
        min_segment_size: Smallest number of operations in an engine; TF-TRT's default is 3.
        num_calibration: Training images for INT8 calibration.
        python: Interpreter of an environment with TF-TRT; None to look for one.

    Raises:
        ValueError: If a value lies outside its range.
    """

    precisions: tuple[Precision, ...] = (Precision.FP16,)
    batch_sizes: tuple[int, ...] = (1, 8, 32)
    workspace_mib: int = 1024
    min_segment_size: int = 3
    num_calibration: int = 200
    python: Path | None = None

    def __post_init__(self) -> None:
        if not self.precisions or len(set(self.precisions)) != len(self.precisions):
            raise ValueError(f"`precisions` must be one or more. Received: {self.precisions}")
        if not self.batch_sizes or min(self.batch_sizes) < 1:
            raise ValueError(f"`batch_sizes` must be at least 1. Received: {self.batch_sizes}")
        if self.workspace_mib < _SMALLEST_WORKSPACE_MIB:
            raise ValueError(
                f"`workspace_mib` must be at least {_SMALLEST_WORKSPACE_MIB}. "
                f"Received: {self.workspace_mib}"
            )
        if self.min_segment_size < 1:
            raise ValueError(
                f"`min_segment_size` must be at least 1. Received: {self.min_segment_size}"
            )
        if self.num_calibration < 1:
            raise ValueError(
                f"`num_calibration` must be at least 1. Received: {self.num_calibration}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """Settings of an export.

    Attributes:
        formats: Any of `core.export.formats`, in the order in which they are made.
        output: Folder for a folder per artifact; None for `exports` in the run folder.
        version: Number of a version folder inside the SavedModel's, for TensorFlow Serving; None
            for none.
        require_accuracy: Accuracy in [0, 1] on the verification images below which nothing is
            exported; None for any.
        num_images: Images that artifacts are verified with, at most.
        num_representative: Training images that set the ranges of full-integer quantization.
        images: Labelled images to use instead of those of the run.
        tftrt: For TF-TRT and TensorRT.

    Raises:
        ValueError: If a value lies outside its range.
    """

    formats: tuple[ExportFormat, ...]
    output: Path | None = None
    version: int | None = None
    require_accuracy: float | None = None
    num_images: int = 500
    num_representative: int = 200
    images: tuple[ImageSource, ...] = ()
    tftrt: TftrtOptions = TftrtOptions()

    def __post_init__(self) -> None:
        if not self.formats:
            raise ValueError("`formats` must hold at least one format")
        if self.version is not None and self.version < 1:
            raise ValueError(f"`version` must be at least 1. Received: {self.version}")
        if self.require_accuracy is not None and not 0 <= self.require_accuracy <= 1:
            raise ValueError(
                f"`require_accuracy` must be from 0 to 1. Received: {self.require_accuracy}"
            )
        for name in ("num_images", "num_representative"):
            if getattr(self, name) < 1:
                raise ValueError(f"`{name}` must be at least 1. Received: {getattr(self, name)}")

    def targets(self) -> tuple[ExportTarget, ...]:
        """Return the artifacts to make, each once."""
        found = [
            ExportTarget(chosen, precision)
            for chosen in self.formats
            for precision in (self.tftrt.precisions if chosen.has_precision else (None,))
        ]
        return tuple(dict.fromkeys(found))
