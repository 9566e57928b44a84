"""A model folder that costs no training: photographs are named by their nearest example."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.backbones.prepare import prepare_backbone
from core.data.pixels.decoder import Decoding, ResizeMode, decode_image
from core.features.extractors import make_extractors
from core.models.litert_head import DenseWeights, join_litert
from core.models.model_info import LITERT_FILE, MODEL_FILE, ModelInfo, SplitResult
from core.settings.config import DEFAULT_BACKBONE, TrainConfig
from core.storage.atomic_file import write_bytes_atomically, write_json_atomically

PHOTOS = Path(__file__).parent / "data" / "known_photos"
PHOTO_NAMES = ("cat.jpg", "coffee.jpg", "rocket.jpg")
LABELS = ("cat", "coffee", "rocket")
INPUT_SIZE = (224, 224)
FEATURE_DIM = 1280


def write_model(
    folder: Path, labels: Sequence[str] = LABELS, *, layers: Sequence[DenseWeights] | None = None
) -> Path:
    """A model folder with `model.json` and `model.tflite`, and nothing for TensorFlow.

    Args:
        labels: One for each of `PHOTO_NAMES`, unless other layers are given.
        layers: The head; by default one that knows the photographs.
    """
    litert_path = prepare_backbone(DEFAULT_BACKBONE).litert_path
    assert litert_path is not None
    content = join_litert(litert_path, layers or photo_layers())
    write_bytes_atomically(folder / LITERT_FILE, content)
    info = replace(model_info(), labels=tuple(labels))
    write_json_atomically(folder / MODEL_FILE, info.to_json_dict())
    return folder


def model_info() -> ModelInfo:
    """What the `model.json` of `write_model` says."""
    return ModelInfo(
        name="photos",
        created="2026-01-02T03:04:05+00:00",
        labels=LABELS,
        backbone=DEFAULT_BACKBONE,
        input_size=INPUT_SIZE,
        resize_mode=ResizeMode.SQUASH,
        temperature=1.25,
        num_training=30,
        validation=SplitResult(num_images=10, accuracy=0.8, interval=(0.4902, 0.9433)),
        test=SplitResult(num_images=10, accuracy=1.0, interval=(0.7225, 1.0)),
        dataset_fingerprint="f00d",
        config=TrainConfig().to_json_dict(),
        versions={"fieldguide": "0.1.0"},
        decoding=Decoding(),
    )


def random_layers(widths: Sequence[int], seed: int = 0) -> list[DenseWeights]:
    """Dense layers from the backbone's features through `widths`."""
    random = np.random.default_rng(seed)
    layers = []
    for inputs, outputs in zip((FEATURE_DIM, *widths), widths, strict=False):
        kernel = random.normal(0, inputs**-0.5, (inputs, outputs)).astype(np.float32)
        layers.append(DenseWeights(kernel, random.normal(0, 1, outputs).astype(np.float32)))
    return layers


def photo_layers() -> list[DenseWeights]:
    """One layer by which a photograph's class is the example with the nearest features."""
    features = photo_features()
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    return [DenseWeights(np.ascontiguousarray(features.T), np.zeros(len(features), np.float32))]


def photo_features() -> NDArray[np.float32]:
    """The backbone's features of `PHOTO_NAMES`, shape `(3, FEATURE_DIM)`."""
    extractor = make_extractors(prepare_backbone(DEFAULT_BACKBONE), gpu=False)[0]
    return extractor(photo_pixels())


def photo_pixels() -> NDArray[np.uint8]:
    """`PHOTO_NAMES` as the backbone sees them, shape `(3, 224, 224, 3)`."""
    contents = [(PHOTOS / name).read_bytes() for name in PHOTO_NAMES]
    return np.stack([decode_image(content, size=INPUT_SIZE) for content in contents])
