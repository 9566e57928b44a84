"""Converts a SavedModel to a graph model of TensorFlow.js.

    python conversion_program.py REQUEST.json

It runs with Fieldguide's TensorFlow. TensorFlow.js's converter is a package in a folder by itself,
without the libraries that it lists: see `packaging/tfjs`. `PYTHONPATH` names the folder that holds
`core`.
"""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

from core.export.programs.messages import end_with_parent, say

_LONGEST_MESSAGE = 1000
# What TensorFlow.js 4.22 computes in all of its backends.
_KNOWN_FUSIONS = {
    "_FusedConv2D",
    "_FusedMatMul",
    "BiasAdd",
    "Elu",
    "LeakyRelu",
    "Prelu",
    "Relu",
    "Relu6",
    "Sigmoid",
}


def main(request_path: str) -> int:
    """Convert; return the exit code."""
    end_with_parent()
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"  # a GPU would take its time to start, for nothing
    request = json.loads(Path(request_path).read_text(encoding="utf-8"))
    try:
        say(progress="Loading TensorFlow")
        converter = load_converter(request["converter"])
        say(progress="Loading the model")
        save_classifier(request["saved_model"], request["work"])
        say(progress="Converting")
        converter.convert_tf_saved_model(
            request["work"],
            request["output"],
            use_structured_outputs_names=True,
            metadata=request["metadata"],
        )
        say(report={"tensorflowjs": version_of_converter()})
    except OSError as error:
        say(error=error.strerror or str(error), errno=error.errno, path=error.filename)
        return 1
    except Exception as error:  # noqa: BLE001 - whatever a converter raises becomes a message
        if type(error).__name__ == "ResourceExhaustedError":  # TensorFlow's word for a full disk
            say(error=os.strerror(errno.ENOSPC), errno=errno.ENOSPC, path=request["output"])
            return 1
        # The operators that TensorFlow.js lacks are in a second line.
        reason = " ".join(str(error).split()) or type(error).__name__
        say(error=reason[:_LONGEST_MESSAGE])
        return 1
    return 0


def load_converter(folder: str) -> Any:
    """Import the converter of SavedModels, and nothing of what the package is made of beside it.

    Its `__init__` files import the converters of other frameworks, and this one a library of
    decision forests, only so that TensorFlow knows their operations.
    """
    for name in ("tensorflowjs", "tensorflowjs.converters"):
        package = types.ModuleType(name)
        package.__path__ = [str(Path(folder, *name.split(".")))]
        sys.modules[name] = package
    forests = "tensorflow_decision_forests"
    sys.modules.setdefault(forests, types.ModuleType(forests))
    converter = importlib.import_module("tensorflowjs.converters.tf_saved_model_conversion_v2")
    keep_to_known_fusions(converter)
    return converter


def keep_to_known_fusions(converter: Any) -> None:
    """Have the converter join no activation to a convolution that TensorFlow.js can't compute so.

    It has TensorFlow's own optimizer join them, which since learned more of them, such as
    hard-swish. A graph that gets one of those keeps its activations apart: a little slower.
    """
    optimize = converter._run_grappler

    def optimize_within_limits(config: Any, *arguments: Any) -> Any:
        graph = optimize(config, *arguments)
        optimizers = config.graph_options.rewrite_options.optimizers
        if "remap" in optimizers and not fusions_of(graph) <= _KNOWN_FUSIONS:
            optimizers.remove("remap")
            graph = optimize(config, *arguments)
        return graph

    converter._run_grappler = optimize_within_limits


def fusions_of(graph: Any) -> set[str]:
    """Return the joined operations of a graph, and what is joined in each."""
    nodes = [node for node in graph.node if node.op.startswith("_Fused")]
    joined = {name.decode() for node in nodes for name in node.attr["fused_ops"].list.s}
    return joined | {node.op for node in nodes}


def version_of_converter() -> str:
    """The version of the package `tensorflowjs`."""
    return str(importlib.import_module("tensorflowjs.version").version)


def save_classifier(saved_model: str, output: str) -> None:
    """Save the model with one signature, from `images` to `probabilities`.

    The class names, an output of strings, and the decoder of JPEG files are operations that
    TensorFlow.js can't run.
    """
    import tensorflow as tf

    model = tf.saved_model.load(saved_model)
    serving_default = model.signatures["serving_default"]
    ((name, spec),) = serving_default.structured_input_signature[1].items()

    def classify(images: Any) -> dict[str, Any]:
        return {"probabilities": serving_default(**{name: images})["probabilities"]}

    module = tf.Module()
    module.model = model
    module.classify = tf.function(
        classify,
        input_signature=[tf.TensorSpec(spec.shape, spec.dtype, name="images")],
        autograph=False,
    )
    tf.saved_model.save(module, output, signatures={"serving_default": module.classify})


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
