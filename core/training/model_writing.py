"""Write a model folder: whole, or not at all."""

import errno
import hashlib
import os
import shutil
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import tensorflow as tf

from core.backbones.backbone import Backbone
from core.data.dataset import Split
from core.errors import StorageError
from core.models.feature_scaling import FeatureScaling
from core.models.litert_head import DenseWeights, join_litert, with_scaling, with_temperature
from core.models.model_card import model_card
from core.models.model_info import (
    LABELS_FILE,
    LITERT_FILE,
    MODEL_FILE,
    SAVED_MODEL_FOLDER,
    ModelInfo,
    SplitResult,
)
from core.models.one_line_label import labels_file
from core.models.predict_program import copy_predict_program
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage
from core.runs.run_results import RunResults
from core.settings.config import TrainConfig
from core.storage.atomic_file import write_bytes_atomically, write_json_atomically
from core.storage.storage_message import storage_message
from core.training.head_stage import TrainedClassifier
from core.training.run_data import RunData
from core.training.saved_model_writing import write_saved_model

_PACKAGES = ("fieldguide", "tensorflow", "numpy", "pillow", "ai-edge-litert")


def write_model(
    folder: RunFolder,
    config: TrainConfig,
    data: RunData,
    trained: TrainedClassifier,
    results: RunResults,
    *,
    temperature: float,
    unknown_threshold: float,
) -> None:
    """Write the model beside its place, then move it there; an earlier one is replaced.

    Args:
        trained: What is written; `temperature` becomes part of the head's weights.
        results: Of these weights.

    Raises:
        StorageError: If it can't be written; an earlier model stays.
    """
    backbone = trained.backbone
    measured = {split: SplitResult.of(each.evaluation) for split, each in results.splits.items()}
    info = ModelInfo(
        name=folder.path.name,
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        labels=data.labels,
        backbone=backbone.info.handle,
        input_size=backbone.info.input_size,
        resize_mode=config.resize_mode,
        temperature=temperature,
        num_training=len(data.splits[Split.TRAINING].rows),
        validation=measured[Split.VALIDATION],
        test=measured.get(Split.TEST),
        dataset_fingerprint=fingerprint_images(data.labels, data.images),
        config=config.to_json_dict(),
        versions=_versions(),
        is_fine_tuned=trained.is_fine_tuned,
        num_epochs=trained.num_epochs,
        unknown_threshold=unknown_threshold,
        training_counts=results.training_counts,
        decoding=data.decoding,
    )
    partial = folder.path / "model.partial"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        layers = with_temperature(trained.layers, temperature)
        _write_parts(partial, info, backbone, layers, data.scaling)
        _put_in_place(partial, folder.model_dir)
    except (OSError, tf.errors.OpError) as error:
        reason = error if isinstance(error, OSError) else _as_os_error(error)
        raise StorageError(storage_message("save the model in", folder.path, reason)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _as_os_error(error: tf.errors.OpError) -> OSError:
    """TensorFlow tells of the disk in words only."""
    text = str(error).partition("\n")[0]
    if "No space left on device" in text:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return OSError(text)


def fingerprint_images(labels: Sequence[str], images: Sequence[RunImage]) -> str:
    """Hash contents and labels, whatever the order and place of the files: SHA-256."""
    lines = sorted(
        image.sha256 + labels[image.class_index].encode("utf-8", "surrogateescape")
        for image in images
    )
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def _write_parts(
    folder: Path,
    info: ModelInfo,
    backbone: Backbone,
    layers: list[DenseWeights],
    scaling: FeatureScaling | None,
) -> None:
    roots: tuple[bool, ...] = (False,)
    if scaling is not None:
        layers, roots = with_scaling(layers, scaling), scaling.roots
    if backbone.litert_path is not None:
        content = join_litert(backbone.litert_path, layers, roots)
        write_bytes_atomically(folder / LITERT_FILE, content)
    write_saved_model(
        folder / SAVED_MODEL_FOLDER, backbone, layers, info.labels, info.resize_mode, roots
    )
    # Without a LiteRT file TensorFlow alone can run the model.
    copy_predict_program("tflite.py" if backbone.litert_path else "saved_model.py", folder)
    write_bytes_atomically(folder / LABELS_FILE, labels_file(info.labels))
    write_bytes_atomically(
        folder / "README.md",
        model_card(info, has_litert=backbone.litert_path is not None).encode("utf-8"),
    )
    write_json_atomically(folder / MODEL_FILE, info.to_json_dict())


def _put_in_place(partial: Path, target: Path) -> None:
    old = target.with_name("model.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.replace(old)
    partial.replace(target)
    shutil.rmtree(old, ignore_errors=True)


def _versions() -> dict[str, str]:
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # a checkout that isn't installed
            continue
    return found
