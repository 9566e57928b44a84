"""Write a network as TensorFlow Hub's reusable SavedModel. Imported by the worker only."""

import shutil
import uuid
from pathlib import Path

import tensorflow as tf
from tensorflow.core.protobuf import fingerprint_pb2, saved_model_pb2

from core.backbones.efficientnet_lite.network import EfficientNetLite


def write_saved_model(
    name: str, backbone: EfficientNetLite, input_size: tuple[int, int], path: Path
) -> None:
    """Write the network, to be called in training or not; an old SavedModel at `path` goes.

    The same weights give the same bytes with the same TensorFlow in a new process; TensorFlow
    numbers its functions.

    Args:
        name: Of the backbone.
        input_size: `(height, width)` in pixels.

    Raises:
        OSError: If it can't be written.
    """
    images = tf.TensorSpec([None, *input_size, 3], tf.float32, name="inputs")
    module = tf.train.Checkpoint()
    module.__call__ = tf.function(backbone.__call__)
    for training in (False, True):
        module.__call__.get_concrete_function(images, training=training)
    module.backbone = backbone
    module.variables = list(backbone.variables)
    module.trainable_variables = list(backbone.trainable_variables)
    module.regularization_losses = []

    @tf.function(input_signature=[images])
    def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"default": backbone(inputs)}

    shutil.rmtree(path, ignore_errors=True)
    try:
        tf.saved_model.save(module, str(path), signatures={"serving_default": serve})
    except tf.errors.OpError as error:  # a full disk, mostly
        raise OSError(str(error.message).partition("\n")[0]) from error
    _make_reproducible(name, path)


def _make_reproducible(name: str, path: Path) -> None:
    """Take out what differs between two runs: a random id, and the order of protobuf maps."""
    (path / "assets").rmdir()  # Empty, and so no part of a git checkout.
    graph_path = path / "saved_model.pb"
    graph = saved_model_pb2.SavedModel.FromString(graph_path.read_bytes())
    graph_path.write_bytes(graph.SerializeToString(deterministic=True))
    fingerprint_path = path / "fingerprint.pb"
    fingerprint = fingerprint_pb2.FingerprintDef.FromString(fingerprint_path.read_bytes())
    fingerprint.uuid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"fieldguide/{name}"))
    fingerprint_path.write_bytes(fingerprint.SerializeToString(deterministic=True))
