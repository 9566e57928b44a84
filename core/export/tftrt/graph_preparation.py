"""Reduce a model to the part that TensorRT is to compute, for TF-TRT's converter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.python.compiler.tensorrt import trt_convert
from tensorflow.python.framework import convert_to_constants


def prepare_for_conversion(original: Path, prepared: Path) -> None:
    """Write a SavedModel whose `serving_default` returns only the original's `probabilities`.

    Class names are no numbers: they would be operations around the engine. They are added again
    when the converted model is saved.
    """
    model = tf.saved_model.load(str(original))  # its variables live as long as it does
    signature = model.signatures["serving_default"]
    ((name, spec),) = signature.structured_input_signature[1].items()

    @tf.function(input_signature=[tf.TensorSpec(spec.shape, spec.dtype, name)], autograph=False)
    def classify(images: Any) -> dict[str, Any]:
        return {"probabilities": signature(**{name: images})["probabilities"]}

    concrete = classify.get_concrete_function()
    frozen = convert_to_constants.convert_variables_to_constants_v2(concrete)
    graph_def = frozen.graph.as_graph_def()
    _forget_order(graph_def)
    # This is how the converter itself makes a function of a graph.
    function = trt_convert._construct_function_from_graph_def(concrete, graph_def, frozen)
    tf.saved_model.save(tf.Module(), str(prepared), {"serving_default": function})


def _forget_order(graph_def: Any) -> None:
    """Remove control edges, which remain from calls of functions that were inlined.

    Nothing in a graph without variables depends on an order, and TensorRT accepts no constant with
    a control input.
    """
    for node in graph_def.node:
        data = [name for name in node.input if not name.startswith("^")]
        node.input[:] = data
    kept = [node for node in graph_def.node if node.op != "NoOp"]
    del graph_def.node[:]
    graph_def.node.extend(kept)
