"""Learning rates tried with the backbone unfrozen."""

from collections.abc import Iterator

import numpy as np

from core.data.dataset import Split
from core.messages.control import RunControl
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from core.training.fine_tuning_stage import make_fine_tuning_steps
from core.training.head_data import class_weights
from core.training.head_stage import HeadStage
from core.training.pixel_batches import PixelBatch, PixelBatches
from core.training.run_data import RunData

_NUM_RATES = 40
_SMALLEST, _LARGEST = 1e-8, 1e-1


class TuningTrial:
    """Trains a copy of the backbone with a head that was trained before, as in a run.

    Args:
        folder: Where the head's training leaves its state; nobody needs it later.
        config: The settings of the training to come.
        data: Its pictures.
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
        self.rates = np.geomspace(_SMALLEST, _LARGEST, _NUM_RATES)
        self._steps = make_fine_tuning_steps(data.backbone, head.result().layers, config)
        training = data.splits[Split.TRAINING]
        self._batches = _endless(
            PixelBatches(
                [data.images[row] for row in training.rows],
                config,
                data.backbone.info.input_size,
                class_weights(training, config),
                control.checkpoint,
            )
        )
        self._num_done = 0

    def step(self, rate: float) -> float:
        """Make a step; gives the loss of its batch, before the step."""
        loss, _ = self._steps.run(next(self._batches), rate, self._num_done)
        self._num_done += 1
        return loss


def _endless(batches: PixelBatches) -> Iterator[PixelBatch]:
    """Whole batches without end, in the order in which a fine-tuning sees them."""
    epoch = 0
    while True:
        epoch += 1
        for batch in batches.epoch(epoch):
            if len(batch.images) == batches.batch_size:
                yield batch
