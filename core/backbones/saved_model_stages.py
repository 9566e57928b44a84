"""The stages of a backbone in its inference graph. Imported by the worker only."""

from typing import Any

import tensorflow as tf

from core.backbones.saved_model_freezing import IMAGES, VECTOR
from core.backbones.stages import Operation, find_stages

# They pad, scale or pass on what an earlier operation computed.
_NO_ACTIVATIONS = {"Pad", "PadV2", "MirrorPad", "Identity", "Cast"}


def stages_of_graph(graph: Any, input_size: tuple[int, int]) -> list[str]:
    """Return the names of the activations that end stages, such as `block6/Relu6:0`.

    Args:
        graph: A `GraphDef` with constant weights, as `freeze` returns it.
        input_size: `(height, width)` of the images, in pixels.
    """
    return [stage.output for stage in _stages(graph, input_size)]


def stage_widths(graph: Any, input_size: tuple[int, int]) -> tuple[int, ...]:
    """Return how many numbers the mean of each stage has; see `stages_of_graph`."""
    shapes = [stage.shape for stage in _stages(graph, input_size)]
    return tuple(shape[2] for shape in shapes if shape is not None)


def _stages(graph: Any, input_size: tuple[int, int]) -> list[Operation[str]]:
    height, width = input_size
    with tf.Graph().as_default() as imported:
        images = tf.compat.v1.placeholder(tf.float32, [None, height, width, 3], name="pixels")
        tf.graph_util.import_graph_def(graph, input_map={f"{IMAGES}:0": images}, name="")
        operations = [
            Operation(output.name, [each.name for each in operation.inputs], _activation(output))
            for operation in imported.get_operations()
            for output in operation.outputs
        ]
    return find_stages(operations, images.name, f"{VECTOR}:0", input_size)


def _activation(output: Any) -> tuple[int, int, int] | None:
    shape = output.shape
    if output.op.type in _NO_ACTIVATIONS or not output.dtype.is_floating or shape.rank != 4:
        return None
    if None in shape[1:].as_list():
        return None
    return int(shape[1]), int(shape[2]), int(shape[3])
