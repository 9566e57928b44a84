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
from core.litert.extractor import part_tensors
from core.litert.graph import LitertGraph
from core.litert.operators import LitertOperators
from core.models.feature_scaling import FeatureScaling
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


def with_scaling(layers: Sequence[DenseWeights], scaling: FeatureScaling) -> list[DenseWeights]:
    """Return layers for features that aren't scaled yet, but for their roots; the first differs."""
    first = layers[0]
    kernel = scaling.factors[:, np.newaxis] * first.kernel
    bias = scaling.offsets.astype(np.float64) @ first.kernel + first.bias
    return [DenseWeights(kernel, bias.astype(np.float32)), *layers[1:]]


def join_litert(
    backbone_path: Path, layers: Sequence[DenseWeights], roots: Sequence[bool] = (False,)
) -> bytes:
    """A LiteRT file from float32 images in [0, 1] to class probabilities.

    Args:
        backbone_path: A `.tflite` with the parts of a feature vector, see `part_tensors`; other
            outputs and what only they need are dropped.
        layers: The head, ReLU between layers, softmax at the end.
        roots: For each part whether the head takes its square root.

    Raises:
        ModelError: If the backbone's file can't be read.
    """
    try:
        graph = LitertGraph(backbone_path.read_bytes())
        parts = part_tensors(graph)
    except (OSError, ValueError) as error:
        message = Text("The backbone's file %1 can't be used: %2.", str(backbone_path), str(error))
        raise ModelError(message) from error
    graph.prune_to(parts)
    operators = LitertOperators(graph)
    taken = [
        operators.root(part, f"root_{index}") if takes_root else part
        for index, (part, takes_root) in enumerate(zip(parts, roots, strict=True))
    ]
    tensor = taken[0] if len(taken) == 1 else operators.concatenation(taken, "features")
    for index, layer in enumerate(layers):
        is_last = index == len(layers) - 1
        tensor = operators.dense(
            tensor, layer.kernel, layer.bias, f"head_{index}", relu=not is_last
        )
    tensor = operators.softmax(tensor, PROBABILITIES_NAME)
    graph.name_ends(INPUT_NAME, {PROBABILITIES_NAME: tensor})
    graph.describe("Image classifier made by Fieldguide")
    return graph.to_bytes()
