"""Steps with one learning rate after another."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Split
from core.messages.control import RunControl
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from core.training.fine_tuning_stage import make_fine_tuning_steps
from core.training.head import Head, initial_weights
from core.training.head_data import Chunk, HeadData, class_weights, epoch_chunks
from core.training.head_stage import HeadStage
from core.training.head_steps import HeadSteps
from core.training.pixel_batches import PixelBatch, PixelBatches
from core.training.run_data import RunData

# The smallest, the largest, and how many.
_RATES_FOR_HEAD = (1e-7, 10.0, 100)
_RATES_FOR_BACKBONE = (1e-8, 1e-1, 40)


class RateTrial(Protocol):
    """Trains with the learning rates it is given.

    Attributes:
        rates: Those to try, from small to large.
        is_fine_tuning: Whether the backbone is trained too.
    """

    rates: NDArray[np.float64]
    is_fine_tuning: bool

    def step(self, rate: float) -> float:
        """Make a step and return the loss of its batch before it."""
        ...


class HeadTrial:
    """Trains a new head on the batches that a training would begin with.

    Args:
        config: The settings of the training to come.
        data: Its images.
    """

    is_fine_tuning = False

    def __init__(self, config: TrainConfig, data: RunData) -> None:
        training = data.splits[Split.TRAINING]
        config = replace(config, batch_size=min(config.batch_size, len(training.rows)))
        num_classes = len(data.labels)
        feature_dim = training.vectors.shape[1]
        layers = initial_weights(feature_dim, config.hidden_units, num_classes, config.seed)
        self.rates = np.geomspace(*_RATES_FOR_HEAD)
        self._steps = HeadSteps(Head(layers), config, num_classes)
        self._batches = _batches(training, config)
        self._num_done = 0

    def step(self, rate: float) -> float:
        """Make a step and return the loss of its batch before it."""
        arguments = next(self._batches)
        rates = np.array([rate], np.float32)
        vectors, class_indices, row_weights, *blend = arguments
        results = self._steps.run(
            vectors, class_indices, row_weights, rates, np.int32(self._num_done), *blend
        )
        self._num_done += 1
        return float(results[0, 0])


class TuningTrial:
    """Trains a copy of the backbone with a head that was trained before, as in a run.

    Args:
        folder: Where the head's training leaves its state; not needed later.
        config: The settings of the training to come.
        data: Its images.
        control: Stop and pause.

    Raises:
        StopRequestedError: If it should stop while the head is trained.
        BackboneError: If the backbone can't be fine-tuned.
    """

    is_fine_tuning = True

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        data: RunData,
        reporter: Reporter,
        control: RunControl,
    ) -> None:
        head = HeadStage(folder, config, data, control)
        head.carry_out(reporter)
        self.rates = np.geomspace(*_RATES_FOR_BACKBONE)
        self._steps = make_fine_tuning_steps(data.backbone, head.result().layers, config)
        training = data.splits[Split.TRAINING]
        self._batches = _endless(
            PixelBatches(
                [data.images[row] for row in training.rows],
                config,
                data.backbone.info.input_size,
                class_weights(training, config),
                control.checkpoint,
                data.decoding.sample_bits,
            )
        )
        self._num_done = 0

    def step(self, rate: float) -> float:
        """Make a step and return the loss of its batch before it."""
        loss, _ = self._steps.run(next(self._batches), rate, self._num_done)
        self._num_done += 1
        return loss


def _batches(training: HeadData, config: TrainConfig) -> Iterator[tuple[NDArray[Any], ...]]:
    """Yield whole batches without end; the rest of an epoch, with its own mean, is left out.

    Yields:
        Vectors, class indices, row weights, and with mixup what was blended into the rows.
    """
    batch, epoch = config.batch_size, 0
    while True:
        epoch += 1
        for chunk in epoch_chunks(training, config, epoch):
            arrays = _arrays(chunk)
            for start in range(0, chunk.num_rows - batch + 1, batch):
                yield tuple(array[start : start + batch] for array in arrays)


def _arrays(chunk: Chunk) -> tuple[NDArray[Any], ...]:
    own = (chunk.vectors, chunk.class_indices, chunk.row_weights)
    return own if chunk.blend is None else (*own, chunk.blend.class_indices, chunk.blend.weights)


def _endless(batches: PixelBatches) -> Iterator[PixelBatch]:
    """Yield whole batches without end, in the order of a fine-tuning."""
    epoch = 0
    while True:
        epoch += 1
        for batch in batches.epoch(epoch):
            if len(batch.images) == batches.batch_size:
                yield batch
