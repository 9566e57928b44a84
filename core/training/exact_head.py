"""Fit a head exactly, by L-BFGS on all feature vectors, an iteration at a time."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import TrainingError
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import BatchFinished, EpochFinished
from core.models.litert_head import DenseWeights
from core.runs.run_folder import EXACT_PREFIX
from core.settings.config import TrainConfig
from core.text import Text
from core.training.checkpoint_files import CheckpointFiles
from core.training.exact_objective import Evaluation, ExactObjective
from core.training.head import Head, initial_weights
from core.training.head_checkpoint import HeadProgress
from core.training.head_data import HeadData
from core.training.penalty_path import STRENGTHS, FittedHead, choose, is_decided

# Pairs of steps that L-BFGS remembers.
_HISTORY = 10
# A fit ends when the objective has fallen by less than this fraction an iteration, over a few of
# them: the first ones of a fit that begins near its end are small. A tenth of it took half as many
# iterations again and changed the validation loss of flowers and sign digits by 0.002 at most.
_TOLERANCE = 1e-4
_WINDOW = 5
# SciPy's own limits, which are out of the way.
_UNLIMITED = 10**9
_SMALLEST_SLOPE = 1e-10


@dataclass(frozen=True, slots=True)
class _Iterate:
    """The head after an iteration, before it is known whether its fit goes on."""

    event: EpochFinished
    strength: float
    layer: DenseWeights
    val_losses: NDArray[np.float64]


class ExactHead:
    """The exact fit of one head; an epoch is an iteration.

    From strong to weak penalties, each fit begins where the one before ended; `penalty_path`
    chooses among the ends. A fit that was interrupted begins anew, with equal results.

    Args:
        config: The run's settings; `epochs` limits the iterations of all fits together.
        training: What is learned from.
        validation: What chooses the strength of the penalty.
        num_classes: Number of classes.
        checkpoint_dir: Where the finished head is kept.
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
        self._config, self._control = config, control
        self._training, self._validation = training, validation
        self._num_classes = num_classes
        self._best = Head(initial_weights(training.vectors.shape[1], 0, num_classes, config.seed))
        self._files = CheckpointFiles(checkpoint_dir, EXACT_PREFIX, list(self._best.variables))
        self.progress = HeadProgress()
        numbers = self._files.restore()
        self.is_finished = numbers is not None
        if numbers is not None:
            epoch, best_epoch, best_val_loss, stopped_early = numbers
            self.progress = HeadProgress(
                int(epoch), int(best_epoch), best_val_loss, bool(stopped_early)
            )
        self._heads: list[FittedHead] = []
        self._layers: list[DenseWeights] = []
        self._pending: _Iterate | None = None
        self._on_epoch: Callable[[EpochFinished], None] = lambda _event: None
        self._noted_at = 0.0

    @property
    def best_layers(self) -> list[DenseWeights]:
        """The weights that were chosen so far."""
        return self._best.read()

    def run(
        self,
        on_batch: Callable[[BatchFinished], None],
        on_epoch: Callable[[EpochFinished], None],
    ) -> None:
        """Fit with one strength of the penalty after another.

        Args:
            on_batch: Never called: an iteration sees all images at once.

        Raises:
            StopRequestedError: If the run should stop. The best weights so far are there, and
                resuming begins anew.
            TrainingError: If a feature or the loss is not a finite number.
            StorageError: If the finished head can't be written.
        """
        del on_batch
        if self.is_finished:
            return
        self._on_epoch, self._noted_at = on_epoch, time.monotonic()
        check = self._control.checkpoint
        objective = ExactObjective(self._config, self._training, self._num_classes, check)
        try:
            self._follow_path(objective)
        except StopRequestedError:
            # Where it was stopped it is as good as ended, since nothing continues from there.
            self._release(is_end=True)
            raise
        progress = self.progress
        self._files.save(
            progress.epoch,
            [progress.epoch, progress.best_epoch, progress.best_val_loss, progress.stopped_early],
        )
        self.is_finished = True

    def logits(self, data: HeadData) -> NDArray[np.float32]:
        """Compute logits of the chosen weights for a split, `(num_images, num_classes)`."""
        (layer,) = self._best.read()
        return _logits(layer, data)

    def _follow_path(self, objective: ExactObjective) -> None:
        point = objective.start()
        for strength in STRENGTHS:
            point = self._minimize(objective, strength, point)
            self._release(is_end=True)
            if self.progress.epoch >= self._config.epochs:
                return
            if self._heads and is_decided(self._heads):
                break
        self.progress.stopped_early = True

    def _minimize(
        self, objective: ExactObjective, strength: float, start: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Fit with one strength and return where it ended."""
        # Imported here: few runs need it.
        from scipy.optimize import minimize

        latest: list[Evaluation] = []
        falls: list[float] = []

        def evaluate(point: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            evaluation = objective.evaluate(point, strength)
            if not (np.isfinite(evaluation.loss) and np.isfinite(evaluation.gradient).all()):
                raise _diverged(self.progress.epoch + 1)
            latest[:] = [evaluation]
            return evaluation.loss, evaluation.gradient

        def on_iteration(point: NDArray[np.float64]) -> None:
            self._release(is_end=False)
            # An accepted point is the one that was evaluated last.
            self._hold(objective.layer(point), strength, latest[0])
            falls.append(latest[0].loss)
            if self.progress.epoch >= self._config.epochs or _is_level(falls):
                raise StopIteration

        result = minimize(
            evaluate,
            start,
            jac=True,
            method="L-BFGS-B",
            callback=on_iteration,
            options={
                "maxcor": _HISTORY,
                "ftol": 0.0,
                "gtol": _SMALLEST_SLOPE,
                "maxiter": _UNLIMITED,
                "maxfun": _UNLIMITED,
            },
        )
        end: NDArray[np.float64] = result.x
        return end

    def _hold(self, layer: DenseWeights, strength: float, evaluation: Evaluation) -> None:
        """Measure an iteration; it is told of when it is known whether its fit ends with it."""
        classes = self._validation.classes()
        logits = _logits(layer, self._validation)
        val_losses = _cross_entropies(logits, classes)
        self.progress.epoch += 1
        if not np.isfinite(val_losses).all():
            raise _diverged(self.progress.epoch)
        now = time.monotonic()
        event = EpochFinished(
            epoch=self.progress.epoch,
            num_epochs=self._config.epochs,
            loss=evaluation.loss,
            accuracy=evaluation.num_correct / len(self._training.rows),
            val_loss=float(val_losses.mean()),
            val_accuracy=float(np.mean(logits.argmax(axis=1) == classes)),
            learning_rate=0.0,
            is_best=False,
            seconds=now - self._noted_at,
            is_exact=True,
        )
        self._noted_at = now
        self._pending = _Iterate(event, strength, layer, val_losses)

    def _release(self, *, is_end: bool) -> None:
        """Tell of the iteration that is held, if one is; at the end of a fit it may be chosen."""
        held, self._pending = self._pending, None
        if held is None:
            return
        is_best = is_end and self._note_end(held)
        self._on_epoch(replace(held.event, is_best=is_best))

    def _note_end(self, end: _Iterate) -> bool:
        """Choose among the fits that have ended, and return whether it is the last one."""
        self._heads.append(FittedHead(end.strength, end.event.epoch, end.val_losses))
        self._layers.append(end.layer)
        chosen = choose(self._heads)
        head = self._heads[chosen]
        self.progress.best_epoch, self.progress.best_val_loss = head.epoch, head.val_loss
        self._best.assign(Head([self._layers[chosen]]))
        return chosen == len(self._heads) - 1


def _is_level(losses: list[float]) -> bool:
    """Return whether the objective hardly falls any more."""
    if len(losses) <= _WINDOW:
        return False
    return losses[-1 - _WINDOW] - losses[-1] < _WINDOW * _TOLERANCE * losses[-1]


def _logits(layer: DenseWeights, data: HeadData) -> NDArray[np.float32]:
    head = Head([layer])
    portions = [head.logits(vectors).numpy() for vectors, _ in data.portions()]
    return np.concatenate([np.zeros((0, len(layer.bias)), np.float32), *portions])


def _cross_entropies(
    logits: NDArray[np.float32], classes: NDArray[np.int64]
) -> NDArray[np.float64]:
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    own: NDArray[np.float64] = shifted[np.arange(len(classes)), classes]
    losses: NDArray[np.float64] = np.log(np.exp(shifted).sum(axis=1)) - own
    return losses


def _diverged(iteration: int) -> TrainingError:
    return TrainingError(
        Text(
            "The exact fit failed in iteration %1: the loss is no longer a number. Choose another "
            "optimizer, or another backbone.",
            str(iteration),
        )
    )
