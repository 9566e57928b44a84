"""The weights of a head as plain arrays, free of TensorFlow."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class DenseWeights:
    """One dense layer.

    Attributes:
        kernel: float32, shape `(inputs, outputs)`.
        bias: float32, shape `(outputs,)`.
    """

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]


def with_temperature(layers: list[DenseWeights], temperature: float) -> list[DenseWeights]:
    """Layers whose logits are divided by `temperature`; only the last one differs."""
    scale = np.float32(1 / temperature)
    last = replace(layers[-1], kernel=layers[-1].kernel * scale, bias=layers[-1].bias * scale)
    return [*layers[:-1], last]
