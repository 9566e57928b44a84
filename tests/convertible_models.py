"""Model folders with a SavedModel, for conversions. Making one imports TensorFlow."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from core.backbones.backbone import Backbone
from core.backbones.joint import join_backbones
from core.backbones.prepare import prepare_backbone
from core.data.pixels.decoder import ResizeMode
from core.models.litert_head import DenseWeights, join_litert
from core.models.model_info import LITERT_FILE, MODEL_FILE, SAVED_MODEL_FOLDER, ModelInfo
from core.settings.config import DEFAULT_BACKBONE
from core.storage.atomic_file import write_json_atomically
from tests.models import LABELS, model_info, photo_layers
from tests.saved_models import save_calling
from tests.tunable_backbone import save_tunable


def write_photo_model(folder: Path) -> ModelInfo:
    """The embedded backbone, with a head that knows the photographs of `tests.models`."""
    return _write(folder, prepare_backbone(DEFAULT_BACKBONE), photo_layers(), LABELS)


def write_tiny_model(folder: Path, labels: Sequence[str]) -> ModelInfo:
    """Two convolutions of a few pixels, and a random head."""
    backbone = prepare_backbone(str(save_tunable(folder / "backbone")))
    return _write(folder, backbone, _random_head(backbone, len(labels)), labels)


def write_stages_model(folder: Path) -> ModelInfo:
    """Four halvings of 32 pixels; the head sees a stage too, and takes the root of both parts."""
    member = _halving_backbone(folder / "backbone", side=32, halvings=4)
    return _write_joint(folder, [member])


def write_two_backbones_model(folder: Path) -> ModelInfo:
    """Two networks, one of them for smaller images, and a stage of each."""
    sides = (32, 24)
    members = [
        _halving_backbone(folder / f"backbone_{side}", side=side, halvings=4) for side in sides
    ]
    return _write_joint(folder, members)


def _halving_backbone(folder: Path, *, side: int, halvings: int) -> Backbone:
    random = np.random.default_rng(side)
    channels = (3, *(8 for _ in range(halvings)))
    kernels = [
        random.normal(0, 0.4, (3, 3, taken, given)).astype(np.float32)
        for taken, given in pairwise(channels)
    ]

    def call(images: Any) -> Any:
        import tensorflow as tf

        for kernel in kernels:
            images = tf.nn.relu6(tf.nn.conv2d(images, kernel, 2, "SAME"))
        return tf.reduce_mean(images, [1, 2])

    return prepare_backbone(str(save_calling(folder, call, side)))


def _write_joint(folder: Path, members: Sequence[Backbone]) -> ModelInfo:
    backbone = join_backbones(members, with_stages=True)
    parts = backbone.info.all_parts
    assert [part.is_stage for part in parts] == [False, True] * len(members)
    random = np.random.default_rng(6)
    kernel = random.normal(0, 0.5, (backbone.info.feature_dim, len(LABELS)))
    bias = random.normal(0, 0.5, len(LABELS))
    layers = [DenseWeights(kernel.astype(np.float32), bias.astype(np.float32))]
    return _write(folder, backbone, layers, LABELS, [True for _ in parts])


def write_calling_model(folder: Path, call: Callable[[Any], Any]) -> ModelInfo:
    """A backbone that does what `call` does to images of 32 pixels a side."""
    backbone = prepare_backbone(str(save_calling(folder / "backbone", call)))
    return _write(folder, backbone, _random_head(backbone, len(LABELS)), LABELS)


def _random_head(backbone: Backbone, num_classes: int) -> list[DenseWeights]:
    random = np.random.default_rng(5)
    kernel = random.normal(0, 1, (backbone.info.feature_dim, num_classes))
    return [DenseWeights(kernel.astype(np.float32), np.zeros(num_classes, np.float32))]


def _write(
    folder: Path,
    backbone: Backbone,
    layers: Sequence[DenseWeights],
    labels: Sequence[str],
    roots: Sequence[bool] = (False,),
) -> ModelInfo:
    # Imported here, since it imports TensorFlow.
    from core.training.saved_model_writing import write_saved_model

    folder.mkdir(parents=True, exist_ok=True)
    write_saved_model(
        folder / SAVED_MODEL_FOLDER, backbone, layers, labels, ResizeMode.SQUASH, roots
    )
    if backbone.litert_path is not None:
        (folder / LITERT_FILE).write_bytes(join_litert(backbone.litert_path, layers, roots))
    info = replace(
        model_info(),
        labels=tuple(labels),
        input_size=backbone.info.input_size,
        backbone=backbone.info.title,
    )
    write_json_atomically(folder / MODEL_FILE, info.to_json_dict())
    return info
