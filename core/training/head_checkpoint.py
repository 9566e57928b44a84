"""The state from which a head's training resumes as if it had never stopped."""

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path

from core.training.checkpoint_files import CheckpointFiles
from core.training.head import Head
from core.training.head_steps import HeadSteps
from core.training.plateau import Plateau

_PREFIX = "epoch"


@dataclass(slots=True)
class HeadProgress:
    """The progress of a training after a whole number of epochs.

    Attributes:
        epoch: Epochs finished.
        best_epoch: The one with the lowest validation loss, 0 if there is none yet.
        best_val_loss: That loss.
        stopped_early: Whether patience ran out.
        plateau: Follows the validation loss, for the learning rate.
    """

    epoch: int = 0
    best_epoch: int = 0
    best_val_loss: float = math.inf
    stopped_early: bool = False
    plateau: Plateau = field(default_factory=Plateau)


class HeadCheckpoint:
    """Saves and restores weights, their averages, optimizer, best weights and progress.

    Args:
        folder: Where checkpoints go; the two newest are kept.
        steps: Holds the head, its optimizer and its moving average.
        best: Holds the best weights so far.
    """

    def __init__(self, folder: Path, steps: HeadSteps, best: Head) -> None:
        # In an order that follows from the settings alone.
        self._files = CheckpointFiles(folder, _PREFIX, [*steps.variables, *best.variables])

    def save(self, progress: HeadProgress) -> None:
        """Write a checkpoint.

        Raises:
            StorageError: If it can't be written; earlier checkpoints stay.
        """
        *own, plateau = astuple(progress)
        self._files.save(progress.epoch, [*own, *plateau])

    def restore(self, plateau: Plateau) -> HeadProgress:
        """Take over the newest sound checkpoint; without one everything stays as it is.

        Args:
            plateau: That of a training which begins.
        """
        numbers = self._files.restore()
        return HeadProgress(plateau=plateau) if numbers is None else _progress(numbers, plateau)


def _progress(numbers: Sequence[float], plateau: Plateau) -> HeadProgress:
    epoch, best_epoch, best_val_loss, stopped_early, *rest = numbers
    # Checkpoints of version 0.1 know of no plateau.
    if rest:
        plateau = Plateau(*rest)
    return HeadProgress(int(epoch), int(best_epoch), best_val_loss, bool(stopped_early), plateau)
