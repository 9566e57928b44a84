"""The stages of a backbone in its LiteRT file."""

from core.backbones.stages import Operation, find_stages
from core.litert.extractor import OUTPUT_NAME
from core.litert.graph import LitertGraph

_NO_ACTIVATIONS = {"PAD", "PADV2", "MIRROR_PAD"}


def stages_of_litert(graph: LitertGraph, input_size: tuple[int, int]) -> tuple[int, list[int]]:
    """Return the tensors of the feature vector and of the activations that end stages.

    Args:
        input_size: `(height, width)` of the images, in pixels.

    Raises:
        ValueError: If the file has no feature vector.
    """
    vector = graph.output_tensor(OUTPUT_NAME)
    operations = [
        Operation(
            output,
            [each for each in inputs if not graph.has_constant(each)],
            _activation(name, graph.tensor_shape(output)),
        )
        for name, inputs, outputs in graph.operations()
        for output in outputs
    ]
    stages = find_stages(operations, graph.input_tensor(), vector, input_size)
    return vector, [stage.output for stage in stages]


def _activation(name: str, shape: tuple[int, ...]) -> tuple[int, int, int] | None:
    if name in _NO_ACTIVATIONS or len(shape) != 4:
        return None
    return shape[1], shape[2], shape[3]
