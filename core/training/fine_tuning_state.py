"""The state from which a fine-tuning resumes as if it had never stopped."""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.training.checkpoint_files import CheckpointFiles
from core.training.moving_average import MovingAverage
from core.training.plateau import Plateau

_PREFIX = "fine-tuning"
# Restoring an older checkpoint only repeats the steps since, with equal results. Weights and
# optimizer of a backbone are many megabytes, so writing them may take this fraction of the time.
_INTERVAL_S = 15.0
_LARGEST_FRACTION = 0.05


@dataclass(slots=True)
class FineTuningProgress:
    """The progress of a fine-tuning after a whole number of steps.

    Attributes:
        step: Steps done.
        total_loss: Sum of their losses in the current epoch.
        total_correct: Images classified correctly in it.
        best_epoch: The epoch with the lowest validation loss; 0 for what it began with.
        best_val_loss: That loss.
        stopped_early: Whether patience ran out.
        rows_at_once: Images that memory allows at once; 0 for a whole batch.
        epochs_noted: Epochs whose validation is done.
    """

    step: int = 0
    total_loss: float = 0.0
    total_correct: float = 0.0
    best_epoch: int = 0
    best_val_loss: float = math.inf
    stopped_early: bool = False
    rows_at_once: int = 0
    epochs_noted: int = 0


class FineTuningState:
    """Weights, optimizer, averages, best weights and progress, in memory and in checkpoints.

    Args:
        folder: Where checkpoints go.
        changing: Variables of backbone and head that training changes.
        others: Further variables to restore, such as the optimizer's.
        average: Moving average of the weights, if there is one.
        plateau: Follows the validation loss.
        best_val_loss: Of the weights as they are now.
    """

    def __init__(
        self,
        folder: Path,
        changing: Sequence[Any],
        others: Sequence[Any],
        average: MovingAverage | None,
        plateau: Plateau,
        best_val_loss: float,
    ) -> None:
        self._changing = list(changing)
        self._average = average
        self.plateau = plateau
        self._best = [_Array(variable.numpy()) for variable in self._changing]
        self._numbers = _Array(np.array(astuple(plateau), np.float64))
        averages = average.variables if average is not None else ()
        self._files = CheckpointFiles(
            folder,
            _PREFIX,
            [*self._changing, *others, *averages, *self._best, self._numbers],
        )
        self.progress = FineTuningProgress(best_val_loss=best_val_loss)
        row = self._files.restore()
        if row is not None:
            self._take_over(row)
        self._saved = self.progress.step, self.progress.epochs_noted
        self._saved_at, self._save_s = time.monotonic(), 0.0

    def keep_best(self) -> None:
        """Note that the weights, or their averages, are the best so far."""
        with self.averaged():
            for best, variable in zip(self._best, self._changing, strict=True):
                best.assign(variable.numpy())

    def take_best(self) -> None:
        """Set all weights to the best; training can't continue after that."""
        for best, variable in zip(self._best, self._changing, strict=True):
            variable.assign(best.numpy())

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Have the weights be their moving averages for a while, if there are any."""
        if self._average is None:
            yield
            return
        before = [variable.numpy() for variable in self._average.followed]
        for variable, value in zip(self._average.followed, self._average.averages, strict=True):
            variable.assign(value.numpy())
        try:
            yield
        finally:
            for variable, value in zip(self._average.followed, before, strict=True):
                variable.assign(value)

    def save_if_due(self) -> None:
        """Write a checkpoint if the last one is old enough.

        Raises:
            StorageError: If it can't be written.
        """
        interval = max(_INTERVAL_S, self._save_s / _LARGEST_FRACTION)
        if time.monotonic() - self._saved_at > interval:
            self.save()

    def save(self) -> None:
        """Write a checkpoint, unless nothing has changed since the last one.

        Raises:
            StorageError: If it can't be written.
        """
        key = self.progress.step, self.progress.epochs_noted
        if key == self._saved:
            return
        start = time.monotonic()
        self._numbers.assign(np.array(astuple(self.plateau), np.float64))
        self._files.save(self.progress.step, astuple(self.progress))
        self._saved, self._saved_at = key, time.monotonic()
        self._save_s = self._saved_at - start

    def _take_over(self, row: Sequence[float]) -> None:
        kinds = [type(value) for value in astuple(FineTuningProgress())]
        self.progress = FineTuningProgress(
            *(kind(value) for kind, value in zip(kinds, row, strict=True))
        )
        self.plateau = Plateau(*self._numbers.numpy().tolist())


class _Array:
    """An array with the few methods of a variable that a checkpoint needs."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._values = values

    @property
    def shape(self) -> tuple[int, ...]:
        return self._values.shape

    def numpy(self) -> NDArray[Any]:
        return self._values

    def assign(self, values: NDArray[Any]) -> None:
        self._values = values
