"""The feature vectors of a run, in memory while they are few and on disk when they are many."""

import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import StorageError
from core.storage.storage_message import storage_message

# About 400,000 vectors of 1,280 numbers.
_LARGEST_IN_MEMORY = 2 << 30


def make_vector_table(num_images: int, feature_dim: int, folder: Path) -> NDArray[np.float32]:
    """An array to be filled, float32 `(num_images, feature_dim)`.

    Above 2 GiB it lies in a nameless file of `folder`, which the system frees with the array.

    Raises:
        StorageError: If there is no room for it.
    """
    size = 4 * num_images * feature_dim
    if size <= _LARGEST_IN_MEMORY:
        return np.zeros((num_images, feature_dim), np.float32)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # memmap duplicates the file's handle, so the file lives exactly as long as the array.
        with tempfile.TemporaryFile(dir=folder) as file:
            _reserve(file.fileno(), size)
            return np.memmap(file, np.float32, "r+", shape=(num_images, feature_dim))
    except OSError as error:
        raise StorageError(storage_message("write to", folder, error)) from error


def _reserve(handle: int, size: int) -> None:
    """Take the room now: where a mapped page finds none later, the system ends the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
    else:
        os.ftruncate(handle, size)
