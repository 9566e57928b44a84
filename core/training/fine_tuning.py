"""Train a backbone and its head together, epoch by epoch."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.errors import TrainingError
from core.evaluation.calibration import negative_log_likelihood
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import BatchFinished, EpochFinished
from core.settings.config import TrainConfig
from core.text import Text
from core.training.fine_tuning_state import FineTuningState
from core.training.fine_tuning_steps import FineTuningSteps
from core.training.pixel_batches import PixelBatch, PixelBatches
from core.training.schedules import learning_rates, rate_text


class FineTuning:
    """The epochs of one fine-tuning.

    Args:
        config: The run's settings.
        steps: Computes.
        state: Holds everything that changes.
        training: What is learned from.
        validation: What chooses the best epoch.
        validation_classes: True classes of these, int64.
        first_epoch: Epochs of the head's training, from which epochs count on.
        control: Stop and pause.
    """

    def __init__(
        self,
        config: TrainConfig,
        steps: FineTuningSteps,
        state: FineTuningState,
        training: PixelBatches,
        validation: PixelBatches,
        validation_classes: NDArray[np.int64],
        *,
        first_epoch: int,
        control: RunControl,
    ) -> None:
        self._config = replace(config, learning_rate=config.fine_tune_learning_rate)
        self._steps, self._state, self._control = steps, state, control
        self._training, self._validation = training, validation
        self._validation_classes = validation_classes
        self._first_epoch = first_epoch
        steps.rows_at_once = state.progress.rows_at_once or None

    @property
    def is_finished(self) -> bool:
        """Whether no epoch is left."""
        progress = self._state.progress
        return progress.epochs_noted >= self._config.fine_tune_epochs or progress.stopped_early

    @property
    def num_images(self) -> int:
        """Images trained on so far, repeats counted."""
        progress, training = self._state.progress, self._training
        done = progress.step - progress.epochs_noted * training.steps_per_epoch
        in_epoch = min(done * training.batch_size, len(training))
        return progress.epochs_noted * len(training) + in_epoch

    def run(
        self,
        on_batch: Callable[[BatchFinished], None],
        on_epoch: Callable[[EpochFinished], None],
        on_images: Callable[[int], None],
    ) -> None:
        """Train the epochs that are left.

        Args:
            on_images: Called with `num_images` after every step.

        Raises:
            StopRequestedError: If the run should stop; its state is saved.
            TrainingError: If the loss is no longer a number, or memory runs out.
            DatasetError: If an image is missing or another than before.
            StorageError: If the state can't be written.
        """
        try:
            while not self.is_finished:
                on_epoch(self._run_epoch(on_batch, on_images))
                self._state.save_if_due()
        except StopRequestedError:
            self._state.save()
            raise
        self._state.save()

    def logits(self, batches: PixelBatches, *, obey_stop: bool = True) -> NDArray[np.float32]:
        """Compute logits of the present weights, shape `(num_images, num_classes)`.

        Args:
            obey_stop: Whether a stop ends it; measuring the kept weights runs to its end.
        """
        portions = [np.zeros((0, len(batches.class_weights)), np.float32)]
        for images in batches.in_order():
            if obey_stop:
                self._control.checkpoint()
            portions.append(self._steps.logits(images))
        return np.concatenate(portions)

    def _run_epoch(
        self, on_batch: Callable[[BatchFinished], None], on_images: Callable[[int], None]
    ) -> EpochFinished:
        start = time.monotonic()
        progress, per_epoch = self._state.progress, self._training.steps_per_epoch
        epoch = progress.epochs_noted + 1
        done = progress.step - (epoch - 1) * per_epoch
        for batch in self._training.epoch(epoch, done):
            self._control.checkpoint()
            rate = self._rate(progress.step)
            loss, correct = self._steps.run(batch, rate, progress.step)
            self._require_number(loss, epoch)
            progress.step += 1
            progress.total_loss += loss
            progress.total_correct += correct
            progress.rows_at_once = self._steps.rows_at_once or 0
            done += 1
            on_batch(self._batch_event(epoch, done, loss, correct, batch))
            on_images(self.num_images)
            self._state.save_if_due()
        with self._state.averaged():
            logits = self.logits(self._validation)
        return self._note_epoch(epoch, logits, time.monotonic() - start)

    def _rate(self, step: int) -> float:
        total = self._config.fine_tune_epochs * self._training.steps_per_epoch
        rate = learning_rates(self._config, np.array([step], np.int64), total)[0]
        return float(rate) * self._state.plateau.factor

    def _require_number(self, loss: float, epoch: int) -> None:
        if not np.isfinite(loss):
            raise TrainingError(
                Text(
                    "Training diverged in fine-tuning epoch %1: the loss is no longer a number. "
                    "The learning rate %2 is too high for this backbone: try a tenth of it.",
                    str(epoch),
                    rate_text(self._config.learning_rate),
                )
            )

    def _batch_event(
        self, epoch: int, done: int, loss: float, correct: float, batch: PixelBatch
    ) -> BatchFinished:
        return BatchFinished(
            epoch=self._first_epoch + epoch,
            step=done,
            num_steps=self._training.steps_per_epoch,
            loss=loss,
            accuracy=correct / len(batch.images),
            is_fine_tuning=True,
        )

    def _note_epoch(self, epoch: int, logits: NDArray[np.float32], seconds: float) -> EpochFinished:
        """Keep the weights if they are the best, and begin a new epoch's sums."""
        progress = self._state.progress
        rate = self._rate(progress.step - 1)  # before the plateau may lower it for the next epoch
        val_loss = negative_log_likelihood(logits, self._validation_classes)
        self._require_number(val_loss, epoch)
        is_best = val_loss < progress.best_val_loss
        if is_best:
            progress.best_epoch, progress.best_val_loss = epoch, val_loss
            self._state.keep_best()
        self._state.plateau.note(val_loss)
        patience = self._config.early_stopping_patience
        progress.stopped_early = patience > 0 and epoch - progress.best_epoch >= patience
        event = EpochFinished(
            epoch=self._first_epoch + epoch,
            num_epochs=self._first_epoch + self._config.fine_tune_epochs,
            loss=progress.total_loss / self._training.steps_per_epoch,
            accuracy=progress.total_correct / len(self._training),
            val_loss=val_loss,
            val_accuracy=float(np.mean(logits.argmax(axis=1) == self._validation_classes)),
            learning_rate=rate,
            is_best=is_best,
            seconds=seconds,
            is_fine_tuning=True,
        )
        progress.total_loss = progress.total_correct = 0.0
        progress.epochs_noted = epoch
        return event
