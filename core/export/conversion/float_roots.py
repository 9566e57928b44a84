"""Compute the square roots of a full-integer TFLite file in floating point.

TensorFlow quantizes them too, in a version of the operator that `OLDEST_LITERT` lacks. And 8 bits
tell small means apart badly before a root, which is steepest there; with both in floating point
the mean difference of probabilities falls by a seventh.
"""

from core.litert.graph import LitertGraph
from core.litert.operators import LitertOperators

_ROOT = "SQRT"
_BOUNDS = ("MAXIMUM", "RELU")
_MEAN = "MEAN"
_RANK_OF_ACTIVATIONS = 4

Operation = tuple[str, list[int], list[int]]


def compute_roots_in_float(content: bytes) -> bytes:
    """Replace quantized square roots, and the means that they are taken of.

    Args:
        content: A `.tflite` file that computes with integers alone.

    Returns:
        A file in which the other operators, and the scales of their results, are the same; the
        file itself, byte by byte, if it has no root.

    Raises:
        ValueError: If it is no LiteRT file with a signature.
    """
    graph = LitertGraph(content)
    makers = {operation[2][0]: operation for operation in graph.operations()}
    roots = [
        (inputs[0], outputs[0])
        for name, inputs, outputs in graph.operations()
        if name == _ROOT and graph.is_quantized(inputs[0])
    ]
    if not roots:
        return content
    output = graph.output_tensor(graph.output_names()[0])
    graph.remove_operators([target for _, target in roots])
    for index, (source, target) in enumerate(roots):
        _append_root(graph, makers, source, target, f"root_{index}")
    graph.sort_operators()
    graph.prune_to([output])
    graph.forget_unused_versions()
    return graph.to_bytes()


def _append_root(
    graph: LitertGraph, makers: dict[int, Operation], source: int, target: int, name: str
) -> None:
    operators = LitertOperators(graph)
    place = source
    while (made := makers.get(place)) and made[0] in _BOUNDS:
        place = made[1][0]
    made = makers.get(place)
    if made is not None and made[0] == _MEAN and _is_mean_of_activations(graph, made):
        real = operators.dequantization(made[1][0], f"{name}/activations")
        real = operators.mean(real, f"{name}/mean")
    else:
        real = operators.dequantization(place, f"{name}/source")
    operators.quantization(operators.root(real, name), target)


def _is_mean_of_activations(graph: LitertGraph, operation: Operation) -> bool:
    """Return whether it makes a vector of an image's activations."""
    _, inputs, outputs = operation
    source, result = graph.tensor_shape(inputs[0]), graph.tensor_shape(outputs[0])
    return len(source) == _RANK_OF_ACTIVATIONS and result == (1, source[3])
