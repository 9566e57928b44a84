"""Copy the SavedModel for TensorFlow and TensorFlow Serving."""

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.storage.folder_copy import copy_folder


def export_saved_model(job: ExportJob, output: Path) -> MadeArtifact:
    """Copy the model's SavedModel.

    Raises:
        OSError: If it can't be written.
    """
    copy_folder(job.saved_model_dir, output)
    return MadeArtifact()


def reference_probabilities(
    saved_model_dir: Path, pixels: NDArray[np.uint8], batch_size: int, on_progress: Any
) -> NDArray[np.float32]:
    """Compute the model's own predictions with TensorFlow.

    Args:
        pixels: uint8 `(n, height, width, 3)`.
        on_progress: Called with the number of images done so far.

    Returns:
        float32 `(n, num_classes)`.
    """
    model = tf.saved_model.load(str(saved_model_dir))
    classify = model.signatures["serving_default"]
    parts = []
    for start in range(0, len(pixels), batch_size):
        images = pixels[start : start + batch_size].astype(np.float32) / np.float32(255)
        parts.append(classify(images=tf.constant(images))["probabilities"].numpy())
        on_progress(min(start + batch_size, len(pixels)))
    return np.concatenate(parts)
