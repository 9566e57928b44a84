"""Runs a converted SavedModel without a GPU, with its engines replaced by TensorFlow functions.

    python graph_check_program.py EXPORT_FOLDER PICTURES.npy RESULT.npz BATCH_SIZE

Each `TRTEngineOp` also holds its operations as a TensorFlow function ("native segment"). With these
in its place, the saved graph and its weights run on a CPU. This verifies all of a conversion except
the engines. It measures no times, since they would not be TF-TRT's.
`PYTHONPATH` names the folder that holds `core`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from core.export.programs.messages import end_with_parent, say

_ENGINE = "TRTEngineOp"
_FILE = "saved_model.pb"


def main(folder: str, images_path: str, result_path: str, batch_size: str) -> int:
    """Write probabilities; return the exit code."""
    end_with_parent()
    try:
        import tensorflow as tf

        images = np.load(images_path, mmap_mode="r")
        about = json.loads((Path(folder) / "export.json").read_text(encoding="utf-8"))
        answers = []
        batches = _scaled(images, int(batch_size))
        for found in run_without_engines(
            Path(folder) / about["artifact"], "serving_default", batches
        ):
            answers.extend(found["probabilities"])
            say(done=len(answers), total=len(images))
        say(runtime=f"TensorFlow {tf.__version__} on the CPU in place of TensorRT")
        np.savez(
            result_path,
            probabilities=np.array(answers, np.float32),
            latency_ms=np.zeros(0),
            images_per_s=np.float64(0),
        )
    except Exception as error:  # noqa: BLE001 - any error of TensorFlow becomes a message
        reason = next(iter(str(error).strip().splitlines()), "")
        say(error=f"{type(error).__name__}: {reason}")
        return 1
    return 0


def without_engines(graph_def: Any) -> int:
    """Replace each engine in a graph and its functions by a call of its native segment.

    Returns:
        The number of engines.

    Raises:
        ValueError: If a segment is missing.
    """
    functions = {function.signature.name for function in graph_def.library.function}
    engines = [node for node in graph_def.node if node.op == _ENGINE]
    for function in graph_def.library.function:
        inside = [node for node in function.node_def if node.op == _ENGINE]
        _rename_outputs(function, {node.name for node in inside})
        engines.extend(inside)
    for node in engines:
        segment = node.attr["segment_func"].func.name
        if segment not in functions:
            raise ValueError(f"the engine {node.name} has no native segment {segment}")
        taken, given = (list(node.attr[name].list.type) for name in ("InT", "OutT"))
        node.op = "PartitionedCall"
        node.attr.clear()
        node.attr["f"].func.name = segment
        node.attr["Tin"].list.type.extend(taken)
        node.attr["Tout"].list.type.extend(given)
    return len(engines)


def _rename_outputs(function: Any, names: set[str]) -> None:
    """Rename engines' outputs, in a function's references to them, to those of a call."""

    def renamed(reference: str) -> str:
        name, _, output = reference.partition(":")
        return f"{name}:{output.replace('out_tensor', 'output')}" if name in names else reference

    for node in function.node_def:
        node.input[:] = [renamed(reference) for reference in node.input]
    for key, reference in list(function.ret.items()):
        function.ret[key] = renamed(reference)


def run_without_engines(saved_model: Path, signature_key: str, batches: Iterable[Any]) -> Any:
    """Run a signature on batches; yield arrays by output name for each.

    Raises:
        ValueError: If there is no engine in it.
    """
    import tensorflow as tf
    from tensorflow.core.protobuf import saved_model_pb2

    content = saved_model_pb2.SavedModel.FromString((saved_model / _FILE).read_bytes())
    meta_graph = content.meta_graphs[0]
    signature = meta_graph.signature_def[signature_key]
    if not without_engines(meta_graph.graph_def):
        raise ValueError(f"{saved_model} holds no TensorRT engine")
    (taken,) = signature.inputs.values()
    given = {key: tensor.name for key, tensor in signature.outputs.items()}
    with tf.Graph().as_default():
        tf.import_graph_def(meta_graph.graph_def, name="")
        with tf.compat.v1.Session() as session:
            for batch in batches:
                yield session.run(given, {taken.name: batch})


def _scaled(images: Any, batch_size: int) -> Iterator[np.ndarray]:
    """Make batches for `serving_default`."""
    for start in range(0, len(images), batch_size):
        yield images[start : start + batch_size].astype(np.float32) / np.float32(255)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
