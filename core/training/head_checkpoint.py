"""All that a head's training needs to go on as if it had never stopped."""

import io
import logging
import math
import re
import zipfile
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.atomic_file import write_bytes_atomically
from core.errors import StorageError
from core.training.head import Head
from core.training.head_steps import HeadSteps

logger = logging.getLogger(__name__)

_KEPT = 2
_NAME = re.compile(r"epoch-([0-9]+)\.npz")
_PROGRESS = "progress"
# What NumPy raises for files that are cut off, altered or of another kind.
_DAMAGE = (OSError, EOFError, LookupError, ValueError, zipfile.BadZipFile)


@dataclass(slots=True)
class HeadProgress:
    """Where a training stands after a whole number of epochs.

    Attributes:
        epoch: Epochs finished.
        best_epoch: The one with the lowest validation loss, 0 if there is none yet.
        best_val_loss: That loss.
        stopped_early: Whether patience ran out.
    """

    epoch: int = 0
    best_epoch: int = 0
    best_val_loss: float = math.inf
    stopped_early: bool = False


class HeadCheckpoint:
    """Saves and restores weights, optimizer, best weights and progress.

    A checkpoint is one file of arrays with checksums. TensorFlow's own are several files that
    aren't replaced as one, and can't be read from a folder with brackets in its name.

    Args:
        folder: Where checkpoints go; the two newest are kept.
        steps: Holds the head and its optimizer.
        best: Holds the best weights so far.
    """

    def __init__(self, folder: Path, steps: HeadSteps, best: Head) -> None:
        self._folder = folder
        # In an order that follows from the settings alone.
        self._variables = [*steps.variables, *best.variables]

    def save(self, progress: HeadProgress) -> None:
        """Write a checkpoint.

        Raises:
            StorageError: If it can't be written; earlier checkpoints stay.
        """
        arrays = {str(i): variable.numpy() for i, variable in enumerate(self._variables)}
        # Every double holds these numbers exactly.
        arrays[_PROGRESS] = np.array(astuple(progress), np.float64)
        content = io.BytesIO()
        np.savez(content, **arrays)
        try:
            write_bytes_atomically(self._path(progress.epoch), content.getvalue())
        except StorageError as error:
            raise StorageError(f"{error} Then go on with `fieldguide resume`.") from error
        for epoch in self._epochs()[:-_KEPT]:
            self._path(epoch).unlink(missing_ok=True)

    def restore(self) -> HeadProgress:
        """Take over the newest sound checkpoint; without one everything stays as it is."""
        for epoch in reversed(self._epochs()):
            path = self._path(epoch)
            try:
                arrays, progress = self._read(path)
            except _DAMAGE as error:
                logger.warning("%s can't be used: %s", path, error)
                continue
            for variable, values in zip(self._variables, arrays, strict=True):
                variable.assign(values)
            return progress
        return HeadProgress()

    def _read(self, path: Path) -> tuple[list[NDArray[np.float32]], HeadProgress]:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as content:
            arrays = [content[str(i)] for i in range(len(self._variables))]
            epoch, best_epoch, best_val_loss, stopped_early = content[_PROGRESS].tolist()
        for variable, values in zip(self._variables, arrays, strict=True):
            if values.shape != tuple(variable.shape):
                raise ValueError(f"its weights are {values.shape}, not {variable.shape}")
        return arrays, HeadProgress(int(epoch), int(best_epoch), best_val_loss, bool(stopped_early))

    def _path(self, epoch: int) -> Path:
        return self._folder / f"epoch-{epoch}.npz"

    def _epochs(self) -> list[int]:
        """Epochs of the checkpoints that are there, oldest first."""
        if not self._folder.is_dir():
            return []
        found = (_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        return sorted(int(match[1]) for match in found if match)
