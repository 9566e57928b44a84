"""A tiny convolutional backbone in the hub's format. Making one imports TensorFlow."""

from pathlib import Path
from typing import Any

import numpy as np

from core.backbones.backbone import Backbone, BackboneInfo

SIDE = 16
FEATURES = 6
INFO = BackboneInfo(
    name="tiny",
    title="Tiny",
    handle="tiny",
    family="",
    input_size=(SIDE, SIDE),
    feature_dim=FEATURES,
    parameters=0,
)


def unprepared(saved_model_dir: Path, info: BackboneInfo = INFO) -> Backbone:
    """A backbone of which nothing but the SavedModel is there."""
    nowhere = saved_model_dir / "nowhere"
    return Backbone(
        info=info,
        saved_model_dir=saved_model_dir,
        fingerprint="0" * 64,
        litert_path=None,
        frozen_graph_path=nowhere,
    )


def save_tunable(folder: Path, *, largest_batch: int = 0) -> Path:
    """Two convolutions with batch normalisation between them, and a mean.

    Variables are listed out of order, as those of `tf.Module` are.

    Args:
        largest_batch: Above it memory runs out; 0 for no limit.
    """
    import tensorflow as tf

    random = np.random.default_rng(7)

    def normal(*shape: int) -> Any:
        return random.normal(0, 0.5, shape).astype(np.float32)

    class Backbone(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.b_first = tf.Variable(normal(3, 3, 3, 4), name="first/kernel")
            self.gamma = tf.Variable(np.ones(4, np.float32), name="norm/gamma")
            self.beta = tf.Variable(np.zeros(4, np.float32), name="norm/beta")
            self.mean = tf.Variable(
                np.zeros(4, np.float32), trainable=False, name="norm/moving_mean"
            )
            self.variance = tf.Variable(
                np.ones(4, np.float32), trainable=False, name="norm/moving_variance"
            )
            self.a_second = tf.Variable(normal(3, 3, 4, FEATURES), name="second/kernel")

        @tf.function
        def __call__(self, images: Any, training: bool = False) -> Any:
            x = tf.nn.conv2d(images, self.b_first, 2, "SAME")
            if training:
                mean, variance = tf.nn.moments(x, [0, 1, 2])
                self.mean.assign(0.9 * self.mean + 0.1 * mean)
                self.variance.assign(0.9 * self.variance + 0.1 * variance)
            else:
                mean, variance = self.mean, self.variance
            x = tf.nn.batch_normalization(x, mean, variance, self.beta, self.gamma, 1e-3)
            x = tf.nn.relu(tf.nn.conv2d(tf.nn.relu(x), self.a_second, 1, "SAME"))
            vectors = tf.reduce_mean(x, [1, 2])
            if largest_batch:
                too_many = tf.shape(images)[0] > largest_batch
                size = tf.where(too_many, tf.constant(1 << 44, tf.int64), 1)
                # Random numbers: zeros would be folded away before they are allocated.
                vectors += tf.reduce_sum(tf.random.stateless_uniform([size], [0, 0])) * 1e-30
            return vectors

    return _save_reusable(Backbone(), SIDE, folder)


PYRAMID_SIDE = 64
PYRAMID_WIDTHS = {8: 4, 16: 5, 32: 6}
"""Channels of a pyramid's activations, by how often the side is divided."""


def save_tunable_pyramid(folder: Path, side: int = PYRAMID_SIDE, seed: int = 0) -> Path:
    """Convolutions down to a 32nd of the side, batch normalisation after the first, and a mean.

    It shows two stages. One more weight is read and has no part in the result, as it happens in
    SavedModels that were cut off from larger ones.
    """
    import tensorflow as tf

    random = np.random.default_rng(seed)

    def kernel(size: int, before: int, after: int) -> Any:
        scale = 1 / (size * before**0.5)
        return random.normal(0, scale, (size, size, before, after)).astype(np.float32)

    first, second, third = PYRAMID_WIDTHS.values()

    class Backbone(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.c_first = tf.Variable(kernel(8, 3, first), name="first/kernel")
            self.gamma = tf.Variable(np.full(first, 2, np.float32), name="norm/gamma")
            self.beta = tf.Variable(np.full(first, 0.3, np.float32), name="norm/beta")
            self.mean = tf.Variable(
                np.full(first, 0.1, np.float32), trainable=False, name="norm/moving_mean"
            )
            self.variance = tf.Variable(
                np.full(first, 0.5, np.float32), trainable=False, name="norm/moving_variance"
            )
            self.b_second = tf.Variable(kernel(3, first, second), name="second/kernel")
            self.a_third = tf.Variable(kernel(3, second, third), name="third/kernel")
            self.unused = tf.Variable(np.ones(7, np.float32), name="unused/kernel")

        @tf.function
        def __call__(self, images: Any, training: bool = False) -> Any:
            tf.reduce_sum(self.unused)
            x = tf.nn.conv2d(images, self.c_first, 8, "SAME")
            if training:
                mean, variance = tf.nn.moments(x, [0, 1, 2])
                self.mean.assign(0.9 * self.mean + 0.1 * mean)
                self.variance.assign(0.9 * self.variance + 0.1 * variance)
            else:
                mean, variance = self.mean, self.variance
            x = tf.nn.batch_normalization(x, mean, variance, self.beta, self.gamma, 1e-3)
            x = tf.nn.relu(x)
            x = tf.nn.relu(tf.nn.conv2d(x, self.b_second, 2, "SAME"))
            x = tf.nn.relu(tf.nn.conv2d(x, self.a_third, 2, "SAME"))
            return tf.reduce_mean(x, [1, 2])

    return _save_reusable(Backbone(), side, folder)


def _save_reusable(module: Any, side: int, folder: Path) -> Path:
    """Save as hub's reusable SavedModels are, with a call for training and one for inference."""
    import tensorflow as tf

    listed = tf.train.Checkpoint()
    listed.__call__ = module.__call__
    listed.variables = list(module.variables)
    listed.trainable_variables = list(module.trainable_variables)
    listed.backbone = module
    spec = tf.TensorSpec([None, side, side, 3], tf.float32, name="images")
    for training in (True, False):
        module.__call__.get_concrete_function(spec, training=training)
    tf.saved_model.save(listed, str(folder))
    return folder
