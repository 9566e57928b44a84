"""Find the stages of a network: its last activation at each spatial resolution.

A regularised pretraining makes the last layer's features worse for other tasks (Kornblith et al.,
"Do Better ImageNet Models Transfer Better?", 2019); what earlier stages hold makes up for that,
and comes out of the same pass.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

# Halvings of the image's side. Earlier stages hold edges and colours, and later ones are as small
# as the activations that the feature vector is the mean of.
_LEVELS = (3, 4)

Place = TypeVar("Place", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Operation(Generic[Place]):
    """An operation of a graph, as far as stages are concerned.

    Attributes:
        output: Its output.
        inputs: Outputs of other operations that it takes, without constants.
        shape: `(height, width, channels)` of the output; None if it is no activation: a vector, or
            what only pads, scales or passes on.
    """

    output: Place
    inputs: Sequence[Place]
    shape: tuple[int, int, int] | None


def find_stages(
    operations: Sequence[Operation[Place]],
    images: Place,
    vector: Place,
    input_size: tuple[int, int],
) -> list[Operation[Place]]:
    """Return the stages of a graph, from input to output; none if it shows none.

    A stage's end is an activation through which all paths from the images to the vector lead:
    those inside of a residual block have a way around them.

    Args:
        operations: In an order in which each comes after those it takes inputs of.
        images: The graph's input.
        vector: The feature vector.
        input_size: `(height, width)` of the images, in pixels.
    """
    operations = [operation for operation in operations if operation.output != images]
    before: dict[Place, int] = {images: 1}
    for operation in operations:
        before[operation.output] = sum(before.get(each, 0) for each in operation.inputs)
    after: dict[Place, int] = {vector: 1}
    for operation in reversed(operations):
        for each in operation.inputs:
            after[each] = after.get(each, 0) + after.get(operation.output, 0)
    num_paths = before.get(vector, 0)
    ends: dict[int, Operation[Place]] = {}
    for operation in operations:
        paths = before[operation.output] * after.get(operation.output, 0)
        if operation.shape is not None and num_paths and paths == num_paths:
            ends[_level(operation.shape, input_size)] = operation
    # That of the lowest resolution is what the feature vector is the mean of.
    last = max(ends, default=0)
    return [ends[level] for level in _LEVELS if level in ends and level != last]


def _level(shape: tuple[int, int, int], input_size: tuple[int, int]) -> int:
    """Return how often the image's side was halved."""
    return round(math.log2(max(input_size) / max(shape[:2])))
