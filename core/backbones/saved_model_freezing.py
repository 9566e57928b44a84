"""A backbone's inference graph with its weights as constants. Imported by the worker only.

It loads in a quarter of a second where the SavedModel takes one to two, and it is what
TensorFlow runs fastest: training with a frozen backbone needs no more than this.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from core.backbones.backbone import FeaturePart
from core.backbones.saved_model_checks import remove_shape_checks
from core.backbones.saved_model_inspection import LoadedBackbone
from core.errors import BackboneError
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text

IMAGES = "images"
"""The name of a frozen graph's input."""
VECTOR = "Identity"
"""The name of its output, the whole feature vector."""
# What freezing makes of branches and loops.
_CONTROL_FLOW = {"Switch", "Merge", "Enter", "Exit"}
_DIGEST_SIZE = 32  # the file begins with the SHA-256 of the rest


def part_node(index: int) -> str:
    """Return the name of the output that is one of several parts of the feature vector."""
    return f"part_{index}"


def frozen_function(
    graph: Any,
    input_size: tuple[int, int],
    parts: Sequence[FeaturePart],
    replaced: Sequence[str] = (),
) -> Any:
    """Wrap a backbone's inference graph as a function; see `load_frozen_backbone`.

    Args:
        graph: A `GraphDef` as `freeze` returns it; its checks of shapes are removed.
        parts: What its feature vector consists of.
        replaced: Names of constants for which the function takes values as further arguments, in
            this order.
    """
    remove_shape_checks(graph)
    height, width = input_size
    outputs = [VECTOR] if len(parts) == 1 else [part_node(index) for index in range(len(parts))]

    specs = _specs(graph, replaced)

    def call(images: tf.Tensor, *values: tf.Tensor) -> list[tf.Tensor]:
        vectors = tf.graph_util.import_graph_def(
            graph,
            input_map={f"{IMAGES}:0": images, **dict(zip(replaced, values, strict=True))},
            return_elements=[f"{output}:0" for output in outputs],
            name="",
        )
        for vector, part in zip(vectors, parts, strict=True):
            vector.set_shape([None, part.width])
        return list(vectors)

    return tf.compat.v1.wrap_function(
        call,
        [tf.TensorSpec([None, height, width, 3], tf.float32, name="backbone_images"), *specs],
    )


def _specs(graph: Any, constants: Sequence[str]) -> list[tf.TensorSpec]:
    """Return the specs of constants of a graph."""
    attributes = {f"{node.name}:0": node.attr for node in graph.node if node.op == "Const"}
    return [
        tf.TensorSpec(
            tf.TensorShape(attributes[name]["value"].tensor.tensor_shape),
            tf.as_dtype(attributes[name]["dtype"].type),
        )
        for name in constants
    ]


def write_graph(graph: Any, path: Path) -> None:
    """Write an inference graph for `saved_model_graph.load_frozen_backbone`.

    Raises:
        StorageError: If it can't be written.
    """
    content = graph.SerializeToString()
    write_bytes_atomically(path, hashlib.sha256(content).digest() + content)


def freeze(loaded: LoadedBackbone, handle: str) -> Any:
    """Freeze a backbone: its inference graph with weights as constants, a `GraphDef`.

    Args:
        handle: For messages.

    Raises:
        BackboneError: If it can't be frozen.
    """
    try:
        frozen = convert_variables_to_constants_v2(loaded.function.get_concrete_function())
    except (ValueError, tf.errors.OpError) as error:
        raise BackboneError(
            Text("%1 has parts that can't be saved with a model: %2", handle, str(error))
        ) from error
    names = frozen.inputs[0].op.name, frozen.outputs[0].op.name
    assert names == (IMAGES, VECTOR), names
    return frozen.graph.as_graph_def()


def has_control_flow(graph: Any, prefix: str = "") -> bool:
    """Return whether a frozen graph has branches or loops, through which no gradient leads.

    Args:
        prefix: Of the names of the nodes that count.
    """
    return any(node.op in _CONTROL_FLOW and node.name.startswith(prefix) for node in graph.node)


def read_graph(path: Path) -> Any | None:
    """Read a graph that `write_graph` wrote; None if the file is missing or damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    # A flipped bit in the weights leaves a graph that can be read and computes other vectors.
    if hashlib.sha256(content[_DIGEST_SIZE:]).digest() != content[:_DIGEST_SIZE]:
        return None
    return tf.compat.v1.GraphDef.FromString(content[_DIGEST_SIZE:])
