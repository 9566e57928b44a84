"""The LiteRT twin of a backbone, and proof that it is one. Imported by the worker only."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.lite.python.convert_phase import ConverterError

from core.backbones.backbone import FeaturePart
from core.backbones.saved_model_checks import has_shape_checks
from core.backbones.saved_model_freezing import frozen_function, has_control_flow
from core.backbones.saved_model_inspection import LoadedBackbone
from core.errors import BackboneError
from core.litert.extractor import LitertExtractor, part_names, read_litert_backbone
from core.storage.atomic_file import write_bytes_atomically

logger = logging.getLogger(__name__)

# Relative to the largest value of a vector. Sound conversions stay below 1e-5.
_LARGEST_DIFFERENCE = 1e-3
_NUM_CHECKED = 2


def convert_to_litert(backbone: LoadedBackbone, graph: Any | None, path: Path) -> bool:
    """Write the `.tflite` twin of a backbone to `path`.

    Args:
        graph: The backbone frozen; None if it can't be. Checks of shapes are removed from it.

    Returns:
        Whether there is a twin that computes the same vectors. Without one the backbone is
        run by TensorFlow, which is slower.

    Raises:
        StorageError: If the file can't be written.
    """
    size = backbone.input_size

    def parts_of(images: Any) -> list[Any]:
        return [backbone.function(images)]

    if graph is not None and (not has_control_flow(graph) or _has_shape_checks(backbone)):
        # In a third of the time: of the rest of the SavedModel the converter would make a copy.
        function = frozen_function(graph, size, [FeaturePart(backbone.feature_dim)])
        return write_litert(function, size, path, expected_of=parts_of)
    if _has_shape_checks(backbone):
        logger.warning("No LiteRT twin: its checks of shapes can't be removed")
        return False
    # Branches and loops go to the converter as the SavedModel has them.
    return write_litert(parts_of, size, path, backbone.model)


def write_litert(
    parts_of: Callable[[Any], list[Any]],
    input_size: tuple[int, int],
    path: Path,
    model: Any = None,
    *,
    expected_of: Callable[[Any], list[Any]] | None = None,
) -> bool:
    """Write the `.tflite` twin of a function; see `convert_to_litert`.

    Args:
        parts_of: From float32 images in [0, 1] to the parts of their feature vectors.
        input_size: `(height, width)` of the images.
        model: Owns the variables that the function uses.
        expected_of: What the twin is held against; None for the function itself.
    """
    height, width = input_size

    @tf.function(
        input_signature=[tf.TensorSpec([None, height, width, 3], tf.float32, name="inputs")],
        autograph=False,
    )
    def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        parts = parts_of(inputs)
        return dict(zip(part_names(len(parts)), parts, strict=True))

    # The converter gives the file a signature only if it can save the function, and with it
    # all its variables, as a SavedModel; otherwise it continues without a warning.
    owner = tf.Module()
    owner.model = model
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [serve.get_concrete_function()], owner
    )
    try:
        content = converter.convert()
    except (ConverterError, ValueError, RuntimeError, NotImplementedError) as error:
        logger.warning("No LiteRT twin: %s", str(error).partition("\n")[0])
        return False
    write_bytes_atomically(path, content)
    if _is_twin(expected_of or parts_of, input_size, path):
        return True
    path.unlink()
    return False


def _has_shape_checks(backbone: LoadedBackbone) -> bool:
    """Return whether a backbone holds checks of shapes, which LiteRT lacks."""
    return has_shape_checks(backbone.function.get_concrete_function().graph.as_graph_def())


def _is_twin(parts_of: Callable[[Any], list[Any]], input_size: tuple[int, int], path: Path) -> bool:
    pixels = np.random.default_rng(0).integers(0, 256, (_NUM_CHECKED, *input_size, 3), np.uint8)
    expected = _joined(parts_of(tf.constant(pixels / np.float32(255))))
    try:
        received = LitertExtractor(read_litert_backbone(path))(pixels)
    except (BackboneError, RuntimeError, ValueError, KeyError) as error:
        logger.warning("The LiteRT twin doesn't run: %s", error)
        return False
    difference = float(np.abs(received - expected).max() / max(float(np.abs(expected).max()), 1e-6))
    if difference > _LARGEST_DIFFERENCE:
        logger.warning("The LiteRT twin differs by %g and is not used", difference)
    return difference <= _LARGEST_DIFFERENCE


def _joined(parts: Sequence[Any]) -> NDArray[np.float32]:
    return np.concatenate([part.numpy() for part in parts], axis=1)
