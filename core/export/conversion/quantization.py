"""The number formats of TFLite files. Imports no TensorFlow, for the list of formats."""

from enum import StrEnum


class Quantization(StrEnum):
    """The number format of weights and activations.

    Attributes:
        NONE: All float32.
        FLOAT16: Weights of half the size.
        DYNAMIC: Dynamic-range quantization: 8-bit weights, float32 activations.
        INT8: Full-integer quantization, from uint8 images to uint8 probabilities.
    """

    NONE = "none"
    FLOAT16 = "float16"
    DYNAMIC = "dynamic"
    INT8 = "int8"
