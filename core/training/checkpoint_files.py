"""Variables and progress of a training in files that are whole or absent.

A checkpoint is one file of arrays with checksums. TensorFlow's own are several files that
aren't replaced as one, and can't be read from a folder with brackets in its name.
"""

import io
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import StorageError
from core.storage.array_file import read_arrays
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text

logger = logging.getLogger(__name__)

_KEPT = 2
_PROGRESS = "progress"


class CheckpointFiles:
    """Saves and restores variables with a row of numbers that says how far they got.

    Args:
        folder: Where checkpoints go; the two newest are kept.
        prefix: Begins the files' names, the number in them is that of the progress.
        variables: In an order that follows from the settings alone.
    """

    def __init__(self, folder: Path, prefix: str, variables: Sequence[Any]) -> None:
        self._folder, self._prefix = folder, prefix
        self._variables = list(variables)
        self._name = re.compile(re.escape(prefix) + r"-([0-9]+)\.npz")

    def save(self, number: int, progress: Sequence[float]) -> None:
        """Write a checkpoint.

        Args:
            number: Grows with the progress; the file's name.
            progress: Numbers that a double holds exactly.

        Raises:
            StorageError: If it can't be written; earlier checkpoints stay.
        """
        arrays = {str(i): variable.numpy() for i, variable in enumerate(self._variables)}
        arrays[_PROGRESS] = np.array(progress, np.float64)
        content = io.BytesIO()
        np.savez(content, **arrays)
        try:
            write_bytes_atomically(self._path(number), content.getvalue())
        except StorageError as error:
            raise StorageError(
                Text("%1 Then resume the run (`fieldguide resume`).", str(error))
            ) from error
        for old in self._numbers()[:-_KEPT]:
            self._path(old).unlink(missing_ok=True)

    def restore(self) -> list[float] | None:
        """Restore the newest sound checkpoint and return its progress.

        Returns:
            None without one; then everything stays as it is.
        """
        for number in reversed(self._numbers()):
            path = self._path(number)
            try:
                arrays, progress = self._read(path)
            except (OSError, ValueError) as error:
                logger.warning("%s can't be used: %s", path, error)
                continue
            for variable, values in zip(self._variables, arrays, strict=True):
                variable.assign(values)
            return progress
        return None

    def remove(self) -> None:
        """Remove all checkpoints of this kind."""
        for number in self._numbers():
            self._path(number).unlink(missing_ok=True)

    def _read(self, path: Path) -> tuple[list[NDArray[Any]], list[float]]:
        shapes = {str(i): tuple(variable.shape) for i, variable in enumerate(self._variables)}
        arrays = read_arrays(path, shapes | {_PROGRESS: None})
        progress: list[float] = arrays[_PROGRESS].astype(np.float64).tolist()
        return [arrays[name] for name in shapes], progress

    def _path(self, number: int) -> Path:
        return self._folder / f"{self._prefix}-{number}.npz"

    def _numbers(self) -> list[int]:
        """Return the numbers of the checkpoints that are there, oldest first."""
        if not self._folder.is_dir():
            return []
        found = (self._name.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted(int(match[1]) for match in found if match)
