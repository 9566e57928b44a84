"""Takes checks of shapes out of graphs. Imported by the worker only.

`EnsureShape` computes nothing, and TensorRT and the converters for browsers (TensorFlow.js) and
Apple's Core ML refuse a graph that holds it.
"""

from collections.abc import Iterator
from typing import Any

_CHECK = "EnsureShape"
# What TensorFlow's importer takes for the shapes of a node's outputs, beside what it infers.
_KNOWN_SHAPES = "_output_shapes"


def has_shape_checks(graph: Any) -> bool:
    """Return whether a `GraphDef` or one of its functions holds an `EnsureShape`."""
    return any(node.op == _CHECK for node in _nodes(graph))


def remove_shape_checks(graph: Any) -> None:
    """Make each `EnsureShape` of a `GraphDef` an `Identity` whose shape stays known.

    Args:
        graph: Changed in place, the functions in its library too.
    """
    for node in _nodes(graph):
        if node.op != _CHECK:
            continue
        if _KNOWN_SHAPES not in node.attr:
            node.attr[_KNOWN_SHAPES].list.shape.add().CopyFrom(node.attr["shape"].shape)
        node.op = "Identity"
        del node.attr["shape"]


def _nodes(graph: Any) -> Iterator[Any]:
    yield from graph.node
    for function in graph.library.function:
        yield from function.node_def
