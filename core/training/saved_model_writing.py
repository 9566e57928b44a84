"""The SavedModel of a trained classifier, preprocessing included.

Every output of its signatures has the batch as its first dimension. TensorFlow Serving's row format
deals outputs out along it: names without one are refused, or, with as many images as classes,
given to the wrong image. No graph holds an `EnsureShape`: `tensor.set_shape` needs no operation.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf

from core.backbones.backbone import Backbone
from core.backbones.saved_model_graph import load_frozen_backbone
from core.data.pixels.decoder import ResizeMode
from core.models.litert_head import DenseWeights
from core.training.feature_parts import join_parts
from core.training.graph_preprocessing import image_from_bytes
from core.training.head import Head


def write_saved_model(
    folder: Path,
    backbone: Backbone,
    layers: Sequence[DenseWeights],
    labels: Sequence[str],
    resize_mode: ResizeMode,
    roots: Sequence[bool] = (False,),
) -> None:
    """Write a SavedModel with both signatures.

    `serving_default` takes `images`, float32 `(batch, height, width, 3)` in [0, 1];
    `serving_bytes` takes `encoded_images`, a vector of JPEG, PNG, GIF or BMP files. Both return
    `signature_outputs`.

    Args:
        roots: For each part of the feature vector whether the head takes its square root.

    Raises:
        BackboneError: If the backbone can't be loaded.
        OSError, tf.errors.OpError: If the folder can't be written.
    """
    classifier = _Classifier(backbone, layers, labels, resize_mode, roots)
    signatures = {
        "serving_default": classifier.serving_default,
        "serving_bytes": classifier.serving_bytes,
    }
    tf.saved_model.save(classifier, str(folder), signatures=signatures)


def signature_outputs(probabilities: Any, labels: Sequence[str]) -> dict[str, Any]:
    """Make the outputs of a signature.

    TensorFlow Serving's row format deals all of them out along their first dimension, so each
    has the batch there.

    Args:
        probabilities: float32 `(batch, num_classes)`.
        labels: Class names, by index.

    Returns:
        `probabilities`, and `labels`, string `(batch, num_classes)`, the same names in each row.
    """
    probabilities.set_shape([None, len(labels)])
    names = tf.constant([label.encode("utf-8", "surrogateescape") for label in labels])
    return {
        "probabilities": probabilities,
        "labels": tf.broadcast_to(names, tf.shape(probabilities)),
    }


class _Classifier(tf.Module):
    def __init__(
        self,
        backbone: Backbone,
        layers: Sequence[DenseWeights],
        labels: Sequence[str],
        resize_mode: ResizeMode,
        roots: Sequence[bool],
    ) -> None:
        super().__init__()
        height, width = backbone.info.input_size
        self.backbone = load_frozen_backbone(backbone)
        self.head = Head(layers)
        self._labels = tuple(labels)
        self._input_size = (height, width)
        self._resize_mode = resize_mode
        self._roots = tuple(roots)
        self.serving_default = tf.function(
            self._classify,
            input_signature=[tf.TensorSpec([None, height, width, 3], tf.float32, name="images")],
            autograph=False,
        )
        self.serving_bytes = tf.function(
            self._classify_bytes,
            input_signature=[tf.TensorSpec([None], tf.string, name="encoded_images")],
            autograph=False,
        )

    def _classify(self, images: Any) -> dict[str, Any]:
        logits = self.head.logits(join_parts(self.backbone(images), self._roots))
        return signature_outputs(tf.nn.softmax(logits), self._labels)

    def _classify_bytes(self, encoded_images: Any) -> dict[str, Any]:
        height, width = self._input_size
        images = tf.map_fn(
            lambda content: image_from_bytes(content, self._input_size, self._resize_mode),
            encoded_images,
            fn_output_signature=tf.TensorSpec([height, width, 3], tf.float32),
        )
        return self._classify(images)
