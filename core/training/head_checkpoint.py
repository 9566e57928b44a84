"""All that a head's training needs to go on as if it had never stopped."""

import logging
import math
from dataclasses import dataclass
from pathlib import Path

import tensorflow as tf

from core.errors import StorageError
from core.training.head import Head
from core.training.head_steps import HeadSteps

logger = logging.getLogger(__name__)

_KEPT = 2


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

    Args:
        folder: Where checkpoints go; the two newest are kept.
        steps: Holds the head and its optimizer.
        best: Holds the best weights so far.
    """

    def __init__(self, folder: Path, steps: HeadSteps, best: Head) -> None:
        self._folder = folder
        self._epoch = tf.Variable(0, dtype=tf.int64)
        self._best_epoch = tf.Variable(0, dtype=tf.int64)
        self._best_val_loss = tf.Variable(math.inf, dtype=tf.float64)
        self._stopped_early = tf.Variable(False)
        self._checkpoint = tf.train.Checkpoint(
            head=steps.head,
            optimizer=steps.optimizer,
            best=best,
            epoch=self._epoch,
            best_epoch=self._best_epoch,
            best_val_loss=self._best_val_loss,
            stopped_early=self._stopped_early,
        )
        self._manager = tf.train.CheckpointManager(self._checkpoint, str(folder), max_to_keep=_KEPT)

    def save(self, progress: HeadProgress) -> None:
        """Write a checkpoint.

        Raises:
            StorageError: If it can't be written; earlier checkpoints stay.
        """
        self._epoch.assign(progress.epoch)
        self._best_epoch.assign(progress.best_epoch)
        self._best_val_loss.assign(progress.best_val_loss)
        self._stopped_early.assign(progress.stopped_early)
        try:
            self._manager.save(checkpoint_number=progress.epoch)
        except (OSError, tf.errors.OpError) as error:
            reason = str(error).partition("\n")[0]
            raise StorageError(
                f"Can't write a checkpoint to {self._folder}: {reason}. Free some space, then "
                "go on with `fieldguide resume`."
            ) from error

    def restore(self) -> HeadProgress:
        """Take over the newest sound checkpoint; without one everything stays as it is."""
        for path in reversed(self._manager.checkpoints):
            try:
                self._checkpoint.restore(path).assert_consumed()
            except (OSError, AssertionError, ValueError, tf.errors.OpError) as error:
                logger.warning("%s can't be used: %s", path, error)
            else:
                return self._progress()
        return HeadProgress()

    def _progress(self) -> HeadProgress:
        return HeadProgress(
            epoch=int(self._epoch.numpy()),
            best_epoch=int(self._best_epoch.numpy()),
            best_val_loss=float(self._best_val_loss.numpy()),
            stopped_early=bool(self._stopped_early.numpy()),
        )
