"""The one way in which a hub SavedModel takes images. Imported by the worker only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from core.errors import BackboneError
from core.text import Text

UNIT_RANGE = (0.0, 1.0)
"""Values of images as hub's convention has them, and as everything else here has them."""


@dataclass(frozen=True, slots=True)
class ImageCall:
    """A model's call on images.

    Attributes:
        function: Takes images in the model's own range of values, float32
            `(batch, height, width, 3)`, and whether this is training; returns vectors.
        shape: Of the images for which it was traced; None where a side is open.
        takes_training: Whether it tells training from inference. If not, the answer is
            that of inference either way.
    """

    function: Callable[[Any, bool], Any]
    shape: tf.TensorShape
    takes_training: bool

    def __call__(self, images: Any, training: bool = False) -> Any:
        """Compute feature vectors of images."""
        return self.function(images, training)


def image_call(model: Any, handle: str) -> ImageCall:
    """Find the call on images of a model that `tf.saved_model.load` returned.

    Args:
        handle: For messages.

    Raises:
        BackboneError: If nothing in the model takes images.
    """
    if callable(model):
        for concrete in getattr(model.__call__, "concrete_functions", []):
            shape = concrete.inputs[0].shape if concrete.inputs else None
            if shape is not None and shape.rank == 4:
                return _plain_call(model, concrete)
    signature = getattr(model, "signatures", {}).get("serving_default")
    if signature is not None:
        arguments = signature.structured_input_signature[1]
        if len(arguments) == 1:
            ((name, spec),) = arguments.items()
            if spec.shape.rank == 4:
                return ImageCall(
                    lambda images, _training: _one_output(signature(**{name: images})),
                    spec.shape,
                    takes_training=False,
                )
    raise BackboneError(
        Text(
            "%1 is not an image backbone: nothing in it takes pictures of shape "
            "(batch, height, width, 3).",
            handle,
        )
    )


def scale_images(images: Any, value_range: tuple[float, float]) -> Any:
    """Scale images in [0, 1] to the value range that a backbone was made for.

    Args:
        value_range: What 0 and 1 become, such as (-1, 1) or (0, 255).
    """
    if value_range == UNIT_RANGE:
        return images
    low, high = value_range
    return images * (high - low) + low


def _plain_call(model: Any, concrete: Any) -> ImageCall:
    arguments, keywords = concrete.structured_input_signature
    shape = concrete.inputs[0].shape
    if "training" in keywords or len(arguments) > 1:
        return ImageCall(
            lambda images, training: _one_output(model(images, training=training)),
            shape,
            takes_training=True,
        )
    return ImageCall(
        lambda images, _training: _one_output(model(images)), shape, takes_training=False
    )


def _one_output(outputs: Any) -> Any:
    """Return the feature vector among a model's outputs; hub modules call it `default`."""
    if not isinstance(outputs, dict):
        return outputs
    for name in ("default", "feature_vector"):
        if name in outputs:
            return outputs[name]
    return outputs[min(outputs)]
