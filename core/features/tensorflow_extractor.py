"""Feature vectors through TensorFlow: on a GPU, and where LiteRT can't run a backbone."""

import threading
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.backbones.backbone import Backbone
from core.backbones.saved_model_graph import load_frozen_backbone

_BATCH_SIZE = {"GPU": 64, "CPU": 16}


class TensorFlowExtractor:
    """A backbone's frozen graph; one object serves all threads.

    Args:
        mixed_precision: Let the graph rewriter use float16 where that is safe; GPU only.
    """

    def __init__(self, backbone: Backbone, *, mixed_precision: bool) -> None:
        tf.config.optimizer.set_experimental_options({"auto_mixed_precision": mixed_precision})
        self.batch_size = _BATCH_SIZE["GPU" if mixed_precision else "CPU"]
        self._lock = threading.Lock()
        self._function = _on_pixels(load_frozen_backbone(backbone), backbone.info.input_size)

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Vectors of some images.

        Args:
            pixels: RGB, shape `(batch, height, width, 3)`, values 0 to 255.

        Returns:
            Shape `(batch, feature_dim)`.
        """
        with self._lock:
            vectors: NDArray[np.float32] = self._function(tf.constant(pixels)).numpy()
        return vectors


def _on_pixels(parts_of: Any, input_size: tuple[int, int]) -> Any:
    height, width = input_size

    @tf.function(
        input_signature=[tf.TensorSpec([None, height, width, 3], tf.uint8)], autograph=False
    )
    def function(pixels: tf.Tensor) -> tf.Tensor:
        return tf.concat(parts_of(tf.cast(pixels, tf.float32) / 255.0), axis=1)

    return function
