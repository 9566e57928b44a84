"""Takes out of a model's graph what would cut TensorRT's engines in pieces and computes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.python.compiler.tensorrt import trt_convert
from tensorflow.python.framework import convert_to_constants


def prepare_for_conversion(original: Path, prepared: Path) -> list[str]:
    """Write a SavedModel with the original's `serving_default`, ready for the converter.

    TensorRT has no `EnsureShape`. Where the graph's own shapes show that one can't fail, it is
    left out; otherwise there would be an engine before it and one behind.

    Returns:
        What was changed, as sentences for the report.
    """
    model = tf.saved_model.load(str(original))  # its variables live as long as it does
    signature = model.signatures["serving_default"]
    frozen = convert_to_constants.convert_variables_to_constants_v2(signature)
    graph_def = frozen.graph.as_graph_def()
    needless = {
        operation.name
        for operation in frozen.graph.get_operations()
        if operation.type == "EnsureShape" and _cannot_fail(operation)
    }
    for node in graph_def.node:
        if node.name in needless:
            node.op = "Identity"
            del node.attr["shape"]
    # This is how the converter itself makes a function of a changed graph.
    function = trt_convert._construct_function_from_graph_def(signature, graph_def, frozen)
    tf.saved_model.save(tf.Module(), str(prepared), {"serving_default": function})
    if not needless:
        return []
    return [f"{len(needless)} check(s) of shapes that always hold were left out of the graph."]


def _cannot_fail(operation: Any) -> bool:
    """Whether the shape that is known already is as narrow as the one that is asked for."""
    known, asked = operation.inputs[0].shape, tf.TensorShape(operation.get_attr("shape"))
    if known.rank is None or known.rank != asked.rank:
        return False
    pairs = zip(known.as_list(), asked.as_list())  # noqa: B905 - Python 3.9
    return all(wanted is None or wanted == size for size, wanted in pairs)
