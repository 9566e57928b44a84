"""Find out a hub SavedModel's inputs and outputs. Imported by the worker only."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError

from core.backbones.locate import is_url
from core.backbones.saved_model_call import UNIT_RANGE, image_call, scale_images
from core.backbones.saved_model_screening import require_computing_only
from core.errors import BackboneError
from core.text import Text

# What hub handles and folders say where a graph leaves its size open:
# ".../inception_v3/feature_vector", ".../mobilenet_v2_100_160/...", "efficientnet_b3".
_SIZE_IN_NAME = re.compile(
    r"(?<!\d)(96|128|160|192|224|240|260|288|299|300|331|380|456|512|528|600)(?!\d)"
)
_SIZE_OF_FAMILY = {"inception_v3": 299, "inception_resnet_v2": 299, "xception": 299}
_USUAL_SIZE = 224
_LOADER_ERRORS = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
    DecodeError,
    tf.errors.OpError,
)


@dataclass(frozen=True, slots=True)
class LoadedBackbone:
    """A SavedModel in memory, called the one way that fits it.

    Attributes:
        model: What `tf.saved_model.load` returned; keep it as long as `function` is used.
        function: From float32 `(batch, height, width, 3)` in [0, 1] to float32
            `(batch, feature_dim)`.
        input_size: `(height, width)` in pixels.
        feature_dim: Length of a feature vector.
        parameters: Number of weights.
    """

    model: Any
    function: Any
    input_size: tuple[int, int]
    feature_dim: int
    parameters: int


def load_saved_model(
    folder: Path,
    handle: str,
    input_size: tuple[int, int] | None = None,
    value_range: tuple[float, float] = UNIT_RANGE,
) -> LoadedBackbone:
    """Load a backbone and find its input size and feature dimension by running it.

    Args:
        handle: For messages, and for the size if neither the graph nor `input_size` has one.
        input_size: `(height, width)` if it is known from before.
        value_range: Lowest and highest value of the images that the model itself takes.

    Raises:
        UntrustedBackboneError: If it may do more than compute, and isn't trusted.
        BackboneError: If it can't be loaded or doesn't turn images into vectors.
    """
    require_computing_only(folder, handle)
    # Imported here: it takes a second, which only those who load a backbone should wait.
    import tensorflow_hub as hub

    try:
        model = hub.load(str(folder))
    # What the loader raises depends on the byte at which a file is damaged.
    except _LOADER_ERRORS as error:
        raise BackboneError(
            Text("%1 can't be loaded as a SavedModel: %2", handle, _reason(error))
        ) from error
    call = image_call(model, handle)
    height, width = input_size or _input_size(call.shape, handle)
    function = tf.function(
        lambda images: _float_vectors(call(scale_images(images, value_range)), handle),
        input_signature=[tf.TensorSpec([None, height, width, 3], tf.float32, name="images")],
        autograph=False,
    )
    try:
        vectors = function(tf.zeros([1, height, width, 3]))
    except (ValueError, TypeError, tf.errors.OpError) as error:
        raise BackboneError(
            Text(
                "%1 can't be run on a picture of %2×%3 pixels: %4",
                handle,
                str(width),
                str(height),
                _reason(error),
            )
        ) from error
    if vectors.shape.rank != 2:
        raise BackboneError(
            Text(
                "The output of %1 has the shape %2, which is not a feature vector for each "
                "picture. Choose its feature-vector version.",
                handle,
                str(tuple(vectors.shape)),
            )
        )
    parameters = _num_parameters(model, function)
    return LoadedBackbone(model, function, (height, width), int(vectors.shape[1]), parameters)


def _float_vectors(vectors: Any, handle: str) -> Any:
    if not tf.is_tensor(vectors) or not vectors.dtype.is_floating:
        raise BackboneError(Text("%1 returns no vector of numbers for a picture.", handle))
    return tf.cast(vectors, tf.float32)


def _num_parameters(model: Any, function: Any) -> int:
    variables = getattr(model, "variables", None) or function.get_concrete_function().variables
    return sum(int(tf.size(variable)) for variable in variables)


def _reason(error: Exception) -> str:
    """Return the first line of an error: TensorFlow's messages are pages long."""
    return str(error).strip().partition("\n")[0]


def _input_size(shape: tf.TensorShape, handle: str) -> tuple[int, int]:
    height, width = shape[1], shape[2]
    if height is not None and width is not None:
        return int(height), int(width)
    side = _size_in_name(_telling_part(handle).lower())
    return side, side


def _telling_part(handle: str) -> str:
    """Return the part of a handle that may say a size: of a path only the end."""
    if is_url(handle):
        return handle
    return "/".join(Path(handle).parts[-2:])


def _size_in_name(handle: str) -> int:
    if match := _SIZE_IN_NAME.findall(handle):
        return int(match[-1])
    for family, side in _SIZE_OF_FAMILY.items():
        if family in handle:
            return side
    return _USUAL_SIZE
