"""A backbone's inference graph with its weights as constants. Imported by the worker only.

It loads in a quarter of a second where the SavedModel takes one to two, and it is what
TensorFlow runs fastest: training with a frozen backbone needs no more than this.
"""

import hashlib
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from core.backbones.backbone import Backbone
from core.backbones.saved_model_checks import remove_shape_checks
from core.backbones.saved_model_inspection import LoadedBackbone, load_saved_model
from core.errors import BackboneError
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text

_INPUT = "images"
_OUTPUT = "Identity"
_DIGEST_SIZE = 32  # the file begins with the SHA-256 of the rest


def load_frozen_backbone(backbone: Backbone) -> Any:
    """Load the backbone as a function of float32 `(batch, height, width, 3)` in [0, 1].

    The graph is made on first use and kept in the cache; a damaged file is made again.

    Returns:
        A concrete function that returns float32 `(batch, feature_dim)`; it can be called
        inside other functions and saved with them. It holds no `EnsureShape`.

    Raises:
        BackboneError: If the backbone can't be loaded or frozen.
        StorageError: If the cache can't be written.
    """
    graph = _read_graph(backbone.frozen_graph_path)
    if graph is None:
        info = backbone.info
        loaded = load_saved_model(
            backbone.saved_model_dir, info.handle, info.input_size, info.value_range
        )
        graph = write_frozen_graph(loaded, info.handle, backbone.frozen_graph_path)
    return frozen_function(graph, backbone.info.input_size, backbone.info.feature_dim)


def frozen_function(graph: Any, input_size: tuple[int, int], feature_dim: int) -> Any:
    """Wrap a backbone's inference graph as a function; see `load_frozen_backbone`.

    Args:
        graph: From `freeze` or `write_frozen_graph`; its checks of shapes are removed.
    """
    remove_shape_checks(graph)
    height, width = input_size

    def call(images: tf.Tensor) -> tf.Tensor:
        (vectors,) = tf.graph_util.import_graph_def(
            graph, input_map={f"{_INPUT}:0": images}, return_elements=[f"{_OUTPUT}:0"], name=""
        )
        vectors.set_shape([None, feature_dim])
        return vectors

    return tf.compat.v1.wrap_function(
        call, [tf.TensorSpec([None, height, width, 3], tf.float32, name="backbone_images")]
    )


def write_frozen_graph(loaded: LoadedBackbone, handle: str, path: Path) -> Any:
    """Write the inference graph of a backbone with its weights as they are now.

    Args:
        handle: For messages.

    Returns:
        The graph, a `GraphDef`.

    Raises:
        BackboneError: If it can't be frozen.
        StorageError: If it can't be written.
    """
    graph = freeze(loaded, handle)
    content = graph.SerializeToString()
    write_bytes_atomically(path, hashlib.sha256(content).digest() + content)
    return graph


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
    assert names == (_INPUT, _OUTPUT), names
    return frozen.graph.as_graph_def()


def _read_graph(path: Path) -> Any | None:
    """Read the graph of a file; None if it is missing or damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    # A flipped bit in the weights leaves a graph that can be read and computes other vectors.
    if hashlib.sha256(content[_DIGEST_SIZE:]).digest() != content[:_DIGEST_SIZE]:
        return None
    return tf.compat.v1.GraphDef.FromString(content[_DIGEST_SIZE:])
