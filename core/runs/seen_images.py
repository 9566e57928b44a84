"""Find images that the model was trained on, so that evaluation can warn about leakage."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from core.data.dataset import Split
from core.data.files.image_files import read_image_file
from core.errors import ImageError, RunError
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_images


def num_seen_in_training(model_dir: Path, paths: Iterable[Path]) -> int:
    """Count the images that the model was trained on or its best epoch chosen by.

    They are known by their content, wherever they lie now; a model that was taken out of its run
    folder tells nothing.

    Args:
        model_dir: The model folder.
    """
    record = RunFolder(model_dir.parent).images_path
    if not record.is_file():
        return 0
    try:
        _, images = read_run_images(record)
    except RunError:
        return 0
    seen = {image.sha256 for image in images if image.split is not Split.TEST}
    return sum(_sha256(path) in seen for path in paths)


def _sha256(path: Path) -> bytes:
    try:
        return hashlib.sha256(read_image_file(path)).digest()
    except ImageError:
        return b""
