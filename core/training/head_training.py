"""Train a head on feature vectors, epoch by epoch."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import TrainingError
from core.evaluation.calibration import negative_log_likelihood
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import BatchFinished, EpochFinished
from core.models.litert_head import DenseWeights
from core.settings.config import TrainConfig
from core.text import Text
from core.training.head import Head, initial_weights
from core.training.head_checkpoint import HeadCheckpoint
from core.training.head_data import Chunk, HeadData, epoch_chunks, steps_per_epoch
from core.training.head_steps import HeadSteps
from core.training.plateau import Plateau
from core.training.schedules import learning_rates, rate_text

# Restoring an older checkpoint only repeats the epochs since, with equal results.
_CHECKPOINT_INTERVAL_S = 2.0


class HeadTraining:
    """The training of one head.

    Args:
        config: The run's settings.
        training: What is learned from.
        validation: What chooses the best epoch.
        num_classes: Number of classes.
        checkpoint_dir: Where the state is kept.
        control: Stop and pause.
    """

    def __init__(
        self,
        config: TrainConfig,
        training: HeadData,
        validation: HeadData,
        num_classes: int,
        checkpoint_dir: Path,
        control: RunControl,
    ) -> None:
        # A batch beyond all images would only be filled up, to any size that was asked for.
        config = replace(config, batch_size=min(config.batch_size, len(training.rows)))
        feature_dim = training.vectors.shape[1]
        layers = initial_weights(feature_dim, config.hidden_units, num_classes, config.seed)
        self._config = config
        self._training, self._validation = training, validation
        self._control = control
        self._steps = HeadSteps(Head(layers), config, num_classes)
        self._averaged = Head(layers) if config.ema_decay else None
        self._best = Head(layers)
        self._checkpoint = HeadCheckpoint(checkpoint_dir, self._steps, self._best)
        self._steps_per_epoch = steps_per_epoch(len(training.rows), config.batch_size)
        self.progress = self._checkpoint.restore(Plateau.for_config(config))
        self._saved_at, self._saved_epoch = time.monotonic(), self.progress.epoch

    @property
    def is_finished(self) -> bool:
        """Whether no epoch is left."""
        return self.progress.epoch >= self._config.epochs or self.progress.stopped_early

    @property
    def best_layers(self) -> list[DenseWeights]:
        """The weights of the epoch with the lowest validation loss."""
        return self._best.read()

    def run(
        self,
        on_batch: Callable[[BatchFinished], None],
        on_epoch: Callable[[EpochFinished], None],
    ) -> None:
        """Train the epochs that are left.

        Raises:
            StopRequestedError: If the run should stop. The current epoch is dropped, so that
                resuming repeats it exactly.
            TrainingError: If the loss is no longer a number.
            StorageError: If the state can't be written.
        """
        while not self.is_finished:
            self._stop_between_epochs()
            event = self._run_epoch(on_batch)
            on_epoch(event)
            if time.monotonic() - self._saved_at > _CHECKPOINT_INTERVAL_S:
                self._save()
        self._save()

    def logits(self, data: HeadData) -> NDArray[np.float32]:
        """Compute logits of the best weights for a split, shape `(num_images, num_classes)`."""
        return _logits(self._best, data)

    def _stop_between_epochs(self) -> None:
        """Obey a stop while nothing would be lost by it."""
        try:
            self._control.checkpoint()
        except StopRequestedError:
            self._save()
            raise

    def _run_epoch(self, on_batch: Callable[[BatchFinished], None]) -> EpochFinished:
        start = time.monotonic()
        epoch = self.progress.epoch + 1
        total_loss, total_correct = 0.0, 0.0
        for chunk in epoch_chunks(self._training, self._config, epoch):
            # Before its first step an epoch has changed nothing yet.
            check = self._control.checkpoint if chunk.first_step else self._stop_between_epochs
            check()
            results = self._run_chunk(chunk, epoch)
            total_loss += float(results[:, 0].sum())
            total_correct += float(results[:, 1].sum())
            on_batch(self._batch_event(chunk, epoch, results))
        head = self._judged_head()
        val_logits = _logits(head, self._validation)
        val_classes = self._validation.classes()
        val_loss = negative_log_likelihood(val_logits, val_classes)
        learning_rate = float(self._rates(epoch, self._steps_per_epoch - 1, 1)[0])
        is_best = self._note_epoch(epoch, val_loss, head)
        return EpochFinished(
            epoch=epoch,
            num_epochs=self._config.epochs,
            loss=total_loss / self._steps_per_epoch,
            accuracy=total_correct / len(self._training.rows),
            val_loss=val_loss,
            val_accuracy=float(np.mean(val_logits.argmax(axis=1) == val_classes)),
            learning_rate=learning_rate,
            is_best=is_best,
            seconds=time.monotonic() - start,
        )

    def _run_chunk(self, chunk: Chunk, epoch: int) -> NDArray[np.float32]:
        blend = () if chunk.blend is None else (chunk.blend.class_indices, chunk.blend.weights)
        results: NDArray[np.float32] = self._steps.run(
            chunk.vectors,
            chunk.class_indices,
            chunk.row_weights,
            self._rates(epoch, chunk.first_step, chunk.num_steps),
            np.int32((epoch - 1) * self._steps_per_epoch + chunk.first_step),
            *blend,
        ).numpy()
        if not np.isfinite(results[:, 0]).all():
            raise TrainingError(
                Text(
                    "Training diverged in epoch %1: the loss is no longer a number. The learning "
                    "rate %2 is too high for these pictures: try a tenth of it.",
                    str(epoch),
                    rate_text(self._config.learning_rate),
                )
            )
        return results

    def _rates(self, epoch: int, first_step: int, num_steps: int) -> NDArray[np.float32]:
        start = (epoch - 1) * self._steps_per_epoch + first_step
        steps = np.arange(start, start + num_steps, dtype=np.int64)
        num_steps = self._config.epochs * self._steps_per_epoch
        rates = learning_rates(self._config, steps, num_steps)
        return rates * np.float32(self.progress.plateau.factor)

    def _batch_event(self, chunk: Chunk, epoch: int, results: NDArray[np.float32]) -> BatchFinished:
        return BatchFinished(
            epoch=epoch,
            step=chunk.first_step + chunk.num_steps,
            num_steps=self._steps_per_epoch,
            loss=float(results[:, 0].mean()),
            accuracy=float(results[:, 1].sum()) / chunk.num_rows,
        )

    def _judged_head(self) -> Head:
        """Return the weights to evaluate and keep: as they are, or their moving averages."""
        if self._averaged is None or self._steps.average is None:
            return self._steps.head
        for mine, average in zip(self._averaged.weights, self._steps.average.averages, strict=True):
            mine.assign(average)
        return self._averaged

    def _note_epoch(self, epoch: int, val_loss: float, head: Head) -> bool:
        """Keep the weights if they are the best, and return whether they are."""
        if not np.isfinite(val_loss):
            raise TrainingError(
                Text(
                    "Training diverged in epoch %1: the validation loss is no longer a number. Try "
                    "a tenth of the learning rate %2.",
                    str(epoch),
                    rate_text(self._config.learning_rate),
                )
            )
        progress = self.progress
        progress.epoch = epoch
        # Not the highest accuracy: with few images that has too few steps to choose by.
        is_best = val_loss < progress.best_val_loss
        if is_best:
            progress.best_epoch, progress.best_val_loss = epoch, val_loss
            self._best.assign(head)
        progress.plateau.note(val_loss)
        patience = self._config.early_stopping_patience
        progress.stopped_early = patience > 0 and epoch - progress.best_epoch >= patience
        return is_best

    def _save(self) -> None:
        if self._saved_epoch == self.progress.epoch:
            return
        self._checkpoint.save(self.progress)
        self._saved_at, self._saved_epoch = time.monotonic(), self.progress.epoch


def _logits(head: Head, data: HeadData) -> NDArray[np.float32]:
    portions = [head.logits(vectors).numpy() for vectors, _ in data.portions()]
    if not portions:
        return np.zeros((0, head.biases[-1].shape[0]), np.float32)
    return np.concatenate(portions)
