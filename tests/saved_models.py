"""Tiny SavedModels, as other people's backbones come. Making one imports TensorFlow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SIDE = 32
KERNEL = np.random.default_rng(0).normal(0, 1, (3, 4)).astype(np.float32)


def save_pooling(folder: Path, *, side: int | None = SIDE, num_outputs: int = 4) -> Path:
    """Mean colour times a kernel: callable, `variables` not listed, as plain `tf.Module`s are."""
    return _save(folder, lambda module, images: _pooled(module, images, num_outputs), side)


def save_with_training(folder: Path) -> Path:
    """A call with a `training` argument, as hub's reusable SavedModels have; 1 is added in it."""
    import tensorflow as tf

    class Module(tf.Module):
        def __init__(self) -> None:
            self.kernel = tf.Variable(KERNEL)

        @tf.function
        def __call__(self, images: Any, training: bool = False) -> Any:
            return _pooled(self, images, 4) + (1.0 if training else 0.0)

    module = Module()
    for training in (True, False):
        module.__call__.get_concrete_function(_images(SIDE), training=training)
    tf.saved_model.save(module, str(folder))
    return folder


def save_signature_only(folder: Path, outputs: Callable[[Any], dict[str, Any]]) -> Path:
    """Nothing but `serving_default`; `outputs` makes its outputs from the pooled features."""
    import tensorflow as tf

    module = tf.Module()
    module.kernel = tf.Variable(KERNEL)

    @tf.function
    def serve(images: Any) -> dict[str, Any]:
        return outputs(_pooled(module, images, 4))

    signature = serve.get_concrete_function(_images(SIDE))
    tf.saved_model.save(module, str(folder), signatures=signature)
    return folder


def save_calling(folder: Path, call: Callable[[Any], Any], side: int | None = SIDE) -> Path:
    """A module that does what `call` does to images."""
    return _save(folder, lambda module, images: call(images), side)


def save_for_text(folder: Path) -> Path:
    """A model that takes sentences."""
    import tensorflow as tf

    class Module(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
        def __call__(self, sentences):
            return tf.one_hot(tf.strings.length(sentences), 4)

    module = Module()
    tf.saved_model.save(module, str(folder), signatures=module.__call__)
    return folder


def _save(folder: Path, call: Callable[[Any, Any], Any], side: int | None) -> Path:
    import tensorflow as tf

    class Module(tf.Module):
        def __init__(self) -> None:
            self.kernel = tf.Variable(KERNEL)

        @tf.function
        def __call__(self, images: Any) -> Any:
            return call(self, images)

    module = Module()
    module.__call__.get_concrete_function(_images(side))
    tf.saved_model.save(module, str(folder))
    return folder


def _pooled(module: Any, images: Any, num_outputs: int) -> Any:
    import tensorflow as tf

    return tf.reduce_mean(images, [1, 2]) @ module.kernel[:, :num_outputs]


def _images(side: int | None) -> Any:
    import tensorflow as tf

    return tf.TensorSpec([None, side, side, 3], tf.float32, name="images")


def save_scaled(folder: Path, value_range: tuple[float, float]) -> Path:
    """Like `save_pooling`, for images in another range of values than [0, 1]."""
    low, high = value_range
    return _save(
        folder,
        lambda module, images: _pooled(module, (images - low) / (high - low), 4),
        SIDE,
    )


def save_without_trainable(folder: Path) -> Path:
    """Weights that are constants, as in a SavedModel made from a frozen graph."""
    import tensorflow as tf

    kernel = tf.constant(KERNEL)
    return save_calling(folder, lambda images: tf.reduce_mean(images, [1, 2]) @ kernel)


def save_requiring_training(folder: Path) -> Path:
    """A call whose `training` argument has no default."""
    import tensorflow as tf

    class Module(tf.Module):
        def __init__(self) -> None:
            self.kernel = tf.Variable(KERNEL)

        @tf.function
        def __call__(self, images: Any, training: bool) -> Any:
            return _pooled(self, images, 4) + (1.0 if training else 0.0)

    module = Module()
    for training in (True, False):
        module.__call__.get_concrete_function(_images(SIDE), training=training)
    tf.saved_model.save(module, str(folder))
    return folder


def save_keras_application(folder: Path, name: str, side: int, **options: Any) -> Path:
    """An architecture of `tf_keras.applications`, untrained, in hub's reusable format.

    Args:
        name: Such as `MobileNetV2`, which has 1280 features, or `InceptionV3`, which has 2048.
        side: Pixels a side of the square images it takes.
        options: Others of the architecture's, such as `alpha`.
    """
    import tensorflow as tf
    import tf_keras

    tf_keras.utils.set_random_seed(0)
    network = getattr(tf_keras.applications, name)(
        weights=None, include_top=False, pooling="avg", input_shape=(side, side, 3), **options
    )

    @tf.function
    def call(inputs: Any, training: bool = False) -> Any:
        return network(inputs * 2.0 - 1.0, training=training)

    for training in (True, False):
        call.get_concrete_function(_images(side), training=training)
    # These names are what TensorFlow Hub asks of SavedModels that can be fine-tuned.
    reusable = tf.train.Checkpoint()
    reusable.__call__ = call
    reusable.variables = network.variables
    reusable.trainable_variables = network.trainable_variables
    reusable.regularization_losses = []
    tf.saved_model.save(reusable, str(folder))
    return folder
