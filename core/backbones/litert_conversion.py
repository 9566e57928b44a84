"""The LiteRT twin of a backbone, and proof that it is one. Imported by the worker only."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.lite.python.convert_phase import ConverterError

from core.backbones.saved_model_checks import has_shape_checks
from core.backbones.saved_model_freezing import freeze, frozen_function
from core.backbones.saved_model_inspection import LoadedBackbone
from core.errors import BackboneError
from core.litert.extractor import OUTPUT_NAME, LitertExtractor, read_litert_backbone
from core.storage.atomic_file import write_bytes_atomically

logger = logging.getLogger(__name__)

# Relative to the largest value of a vector. Sound conversions stay below 1e-5.
_LARGEST_DIFFERENCE = 1e-3
_NUM_CHECKED = 2


def convert_to_litert(backbone: LoadedBackbone, path: Path) -> bool:
    """Write the `.tflite` twin of a backbone to `path`.

    Returns:
        Whether there is a twin that computes the same vectors. Without one the backbone is
        run by TensorFlow, which is slower.

    Raises:
        StorageError: If the file can't be written.
    """
    try:
        function = _convertible(backbone)
    except BackboneError as error:
        logger.warning("No LiteRT twin: %s", error)
        return False
    height, width = backbone.input_size

    @tf.function(
        input_signature=[tf.TensorSpec([None, height, width, 3], tf.float32, name="inputs")],
        autograph=False,
    )
    def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return {OUTPUT_NAME: function(inputs)}

    # The converter gives the file a signature only if it can save the function, and with it
    # all its variables, as a SavedModel; otherwise it continues without a warning.
    owner = tf.Module()
    owner.model = backbone.model
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [serve.get_concrete_function()], owner
    )
    try:
        content = converter.convert()
    except (ConverterError, ValueError, RuntimeError, NotImplementedError) as error:
        logger.warning("No LiteRT twin: %s", str(error).partition("\n")[0])
        return False
    write_bytes_atomically(path, content)
    if _is_twin(backbone, path):
        return True
    path.unlink()
    return False


def _convertible(backbone: LoadedBackbone) -> Any:
    """Return the backbone's function, without the checks of shapes that LiteRT lacks.

    Raises:
        BackboneError: If it has some and can't be frozen.
    """
    if not has_shape_checks(backbone.function.get_concrete_function().graph.as_graph_def()):
        return backbone.function
    graph = freeze(backbone, "The backbone")
    return frozen_function(graph, backbone.input_size, backbone.feature_dim)


def _is_twin(backbone: LoadedBackbone, path: Path) -> bool:
    height, width = backbone.input_size
    pixels = np.random.default_rng(0).integers(0, 256, (_NUM_CHECKED, height, width, 3), np.uint8)
    expected: NDArray[np.float32] = backbone.function(tf.constant(pixels / np.float32(255))).numpy()
    try:
        received = LitertExtractor(read_litert_backbone(path))(pixels)
    except (BackboneError, RuntimeError, ValueError, KeyError) as error:
        logger.warning("The LiteRT twin doesn't run: %s", error)
        return False
    difference = float(np.abs(received - expected).max() / max(float(np.abs(expected).max()), 1e-6))
    if difference > _LARGEST_DIFFERENCE:
        logger.warning("The LiteRT twin differs by %g and is not used", difference)
    return difference <= _LARGEST_DIFFERENCE
