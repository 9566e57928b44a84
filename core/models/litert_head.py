"""A trained head as plain arrays, joined to its backbone's LiteRT file.

Converting a whole model takes TensorFlow 6 to 11 seconds for every training. The backbone's
part of it never changes, so it is converted once; the head's few operators are appended to
that file's tables, which takes a fraction of a second and needs no TensorFlow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelError
from core.litert.extractor import OUTPUT_NAME
from core.litert.graph import LitertGraph
from core.text import Text

INPUT_NAME = "images"
PROBABILITIES_NAME = "probabilities"


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


def join_litert(backbone_path: Path, layers: Sequence[DenseWeights]) -> bytes:
    """A LiteRT file from float32 images in [0, 1] to class probabilities.

    Args:
        backbone_path: A `.tflite` whose signature has the output `feature_vector`; other
            outputs and what only they need are dropped.
        layers: The head, ReLU between layers, softmax at the end.

    Raises:
        ModelError: If the backbone's file can't be read.
    """
    try:
        graph = LitertGraph(backbone_path.read_bytes())
        tensor = graph.output_tensor(OUTPUT_NAME)
    except (OSError, ValueError) as error:
        message = Text("The backbone's file %1 can't be used: %2.", str(backbone_path), str(error))
        raise ModelError(message) from error
    graph.prune_to(tensor)
    for index, layer in enumerate(layers):
        is_last = index == len(layers) - 1
        tensor = graph.add_dense(
            tensor, layer.kernel, layer.bias, f"head_{index}", relu=not is_last
        )
    tensor = graph.add_softmax(tensor, PROBABILITIES_NAME)
    graph.name_ends(INPUT_NAME, PROBABILITIES_NAME, tensor)
    graph.describe("Image classifier made by Fieldguide")
    return graph.to_bytes()
