"""What a model can be exported as."""

from dataclasses import dataclass
from enum import StrEnum


class ExportFormat(StrEnum):
    """A format, by the name that the command line takes.

    Attributes:
        SAVED_MODEL: For TensorFlow and TensorFlow Serving.
        TFLITE: LiteRT (TensorFlow Lite), float32.
        TFLITE_FLOAT16: The same with weights of half the size.
        TFLITE_DYNAMIC: Dynamic-range quantization: 8-bit weights, float32 activations.
        TFLITE_INT8: Full-integer quantization, from uint8 images to uint8 probabilities.
        ONNX: For onnxruntime and everything else that reads ONNX.
        TF_TRT: A SavedModel whose operations NVIDIA TensorRT computes.
        TENSORRT: A TensorRT engine, for GPUs newer than TF-TRT knows.
    """

    SAVED_MODEL = "saved-model"
    TFLITE = "tflite"
    TFLITE_FLOAT16 = "tflite-float16"
    TFLITE_DYNAMIC = "tflite-dynamic"
    TFLITE_INT8 = "tflite-int8"
    ONNX = "onnx"
    TF_TRT = "tf-trt"
    TENSORRT = "tensorrt"

    @property
    def has_precision(self) -> bool:
        """Whether a precision mode can be chosen for it."""
        return self in {ExportFormat.TF_TRT, ExportFormat.TENSORRT}


class Precision(StrEnum):
    """What TensorRT computes with at the least; it may take a more exact one where faster."""

    FP32 = "fp32"
    FP16 = "fp16"
    INT8 = "int8"


# What the agreement of an artifact with its model must be at least, top-1, in [0, 1]: 8-bit
# numbers may turn a close decision, floating-point numbers hardly ever do. Dynamic-range
# quantization multiplies 8-bit numbers too: activations are rounded while it runs.
_FLOAT_AGREEMENT = 0.99
_INT8_AGREEMENT = 0.95
_INT8_FORMATS = frozenset({ExportFormat.TFLITE_INT8, ExportFormat.TFLITE_DYNAMIC})


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
        return self.format.value if self.precision is None else f"{self.format}-{self.precision}"

    @property
    def least_agreement(self) -> float:
        """Top-1 agreement with the model below which the artifact has failed."""
        is_int8 = self.format in _INT8_FORMATS or self.precision is Precision.INT8
        return _INT8_AGREEMENT if is_int8 else _FLOAT_AGREEMENT
