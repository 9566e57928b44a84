"""Update the signatures of SavedModels that earlier versions wrote."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

from core.backbones.saved_model_checks import has_shape_checks, remove_shape_checks
from core.errors import ExportError
from core.models.model_info import ModelInfo
from core.text import Text
from core.training.saved_model_writing import signature_outputs

_GRAPH_FILE = "saved_model.pb"


def renew_signatures(folder: Path, info: ModelInfo) -> None:
    """Rewrite a SavedModel in place unless its signatures are up to date.

    Earlier versions returned `labels` without a batch dimension, which TensorFlow Serving refuses
    or assigns to the wrong images, and put an `EnsureShape` into the graph.

    Args:
        folder: In a path that TensorFlow can read.

    Raises:
        ExportError: If it is no SavedModel of a classifier.
        OSError, tf.errors.OpError: If it can't be written.
    """
    path = folder / _GRAPH_FILE
    try:
        content = SavedModel.FromString(path.read_bytes())
    except (OSError, DecodeError) as error:
        name = f"{folder.name}/{path.name}"
        raise ExportError(
            Text(
                "The model's %1 can't be read: %2. Use an undamaged copy of the model, or train "
                "it again.",
                name,
                str(error),
            )
        ) from error
    graphs = [meta.graph_def for meta in content.meta_graphs]
    has_checks = any(map(has_shape_checks, graphs))
    if not has_checks and all(map(_labels_have_a_batch, content.meta_graphs)):
        return
    if has_checks:
        for graph in graphs:
            remove_shape_checks(graph)
        path.write_bytes(content.SerializeToString())
    renewed = folder.with_name(f"{folder.name}.renewed")
    _save_renewed(folder, renewed, info.labels)
    shutil.rmtree(folder)
    renewed.replace(folder)


def _labels_have_a_batch(meta_graph: Any) -> bool:
    return all(
        len(signature.outputs["labels"].tensor_shape.dim) == 2
        for signature in meta_graph.signature_def.values()
        if "labels" in signature.outputs
    )


def _save_renewed(folder: Path, renewed: Path, labels: Sequence[str]) -> None:
    """Save the model again, with each signature wrapped in a new one."""
    model = tf.saved_model.load(str(folder))
    owner = tf.Module()
    owner.model = model
    signatures = {
        name: _renewed(signature, labels)
        for name, signature in model.signatures.items()
        if "probabilities" in signature.structured_outputs
    }
    if "serving_default" not in signatures:
        raise ExportError(
            Text("The model's SavedModel has no signature that returns probabilities.")
        )
    tf.saved_model.save(owner, str(renewed), signatures=signatures)


def _renewed(signature: Any, labels: Sequence[str]) -> Any:
    ((name, spec),) = signature.structured_input_signature[1].items()

    @tf.function(input_signature=[tf.TensorSpec(spec.shape, spec.dtype, name)], autograph=False)
    def serve(given: Any) -> dict[str, Any]:
        return signature_outputs(signature(**{name: given})["probabilities"], labels)

    return serve
