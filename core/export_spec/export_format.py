"""The formats that a model can be exported to."""

from dataclasses import dataclass
from enum import StrEnum

from core.text import Text

FLOAT_AGREEMENT = 0.99
"""Least top-1 agreement of formats that compute with floating-point numbers, in [0, 1]."""

INT8_AGREEMENT = 0.95
"""Of those that compute with 8-bit numbers, which may change a close decision."""


class Precision(StrEnum):
    """The lowest precision that TensorRT may use; it uses a higher one where that is faster."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExportFormat:
    """The description of a format, without the code that exports to it.

    `core.export.formats` holds the formats, a module each or a module a family. There is one object
    per format, also after it went through a pipe, so `is` compares them.

    Attributes:
        name: On the command line, in `export.json`, and of the artifact's folder.
        position: Place in lists, from the smallest.
        title: Its name in the window.
        purpose: Its use, in a line.
        card_title: Its name in the title of the artifact's card.
        artifact: Name of the artifact inside its folder, a file or a folder.
        predict: Its program in `core/export/predict`, which becomes `predict.py`.
        runtimes: Modules that it may import beside the standard library, NumPy and Pillow.
        least_agreement: Fraction of images for which artifact and model must predict the same
            class, in [0, 1]; below it the artifact has failed.
        relative_size: Of an artifact to the model's LiteRT file, whose weights are float32; None if
            it depends on the GPU.
        has_precision: Whether a precision mode can be chosen for it.
        has_version: Whether it can lie in a version folder, as TensorFlow Serving wants it.
        is_chosen_at_first: Whether the window selects it by default.
    """

    name: str
    position: int
    title: Text
    purpose: Text
    card_title: str
    artifact: str
    predict: str
    runtimes: tuple[str, ...]
    least_agreement: float = FLOAT_AGREEMENT
    relative_size: float | None = 1.0
    has_precision: bool = False
    has_version: bool = False
    is_chosen_at_first: bool = False

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<export format {self.name}>"


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """One artifact to make.

    Attributes:
        precision: For formats that have one, else None.

    Raises:
        ValueError: If the format has a precision and none is given, or the other way round.
    """

    format: ExportFormat
    precision: Precision | None = None

    def __post_init__(self) -> None:
        if self.format.has_precision != (self.precision is not None):
            raise ValueError(f"{self.format} and precision={self.precision} don't go together")

    @property
    def name(self) -> str:
        """Name of its folder, such as `tflite` or `tf-trt-fp16`."""
        return self.format.name if self.precision is None else f"{self.format}-{self.precision}"

    @property
    def least_agreement(self) -> float:
        """Top-1 agreement with the model below which the artifact has failed."""
        is_int8 = self.precision is Precision.INT8
        return INT8_AGREEMENT if is_int8 else self.format.least_agreement
