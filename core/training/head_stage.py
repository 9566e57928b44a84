"""The first stage of a run: the head is trained on feature vectors."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import Backbone
from core.data.dataset import Split
from core.messages.control import RunControl
from core.messages.events import Phase, Warned
from core.messages.reporter import Reporter
from core.models.litert_head import DenseWeights
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig, inexact_reason
from core.text import Text
from core.training.exact_head import ExactHead
from core.training.head_checkpoint import HeadProgress
from core.training.head_training import HeadTraining
from core.training.run_data import RunData
from core.training.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class TrainedClassifier:
    """The best weights of a run so far.

    Attributes:
        backbone: As it came, or fine-tuned.
        layers: The head's.
        logits: Of the images of the validation and the test split, in order, float32
            `(num_images, num_classes)`; the latter may be empty.
        best_epoch: The epoch that they are from, counted over all stages.
        num_epochs: Epochs that were done over all stages.
        is_fine_tuned: Whether the backbone's weights were trained too.
    """

    backbone: Backbone
    layers: list[DenseWeights]
    logits: dict[Split, NDArray[np.float32]]
    best_epoch: int
    num_epochs: int
    is_fine_tuned: bool = False


class HeadStage:
    """Trains the head, or resumes that.

    Args:
        folder: Holds the checkpoints.
        data: Split feature vectors.
        control: Stop and pause.
    """

    def __init__(
        self, folder: RunFolder, config: TrainConfig, data: RunData, control: RunControl
    ) -> None:
        self._config, self._data = config, data
        make = ExactHead if config.is_exact else HeadTraining
        self._training: ExactHead | HeadTraining = make(
            config,
            data.splits[Split.TRAINING],
            data.splits[Split.VALIDATION],
            len(data.labels),
            folder.checkpoint_dir,
            control,
        )

    @property
    def is_finished(self) -> bool:
        """Whether no epoch is left."""
        return self._training.is_finished

    @property
    def progress(self) -> HeadProgress:
        """How far it got."""
        return self._training.progress

    def carry_out(self, reporter: Reporter, record: RunRecord | None = None) -> None:
        """Train the epochs that are left.

        Args:
            record: Where epochs are noted; None for nowhere.

        Raises:
            StopRequestedError: If the run should stop.
            TrainingError: If the loss is no longer a number.
            StorageError: If the state can't be written.
        """
        was_finished = self.is_finished
        reason = inexact_reason(self._config)
        if reason is not None and not was_finished:
            reporter.send(Warned(reason))
        reporter.start_phase(Phase.TRAINING, self._config.epochs, self.progress.epoch)
        if record is None:
            self._training.run(lambda _batch: None, lambda epoch: reporter.progress(epoch.epoch))
        else:
            self._training.run(reporter.batch, record.note_epoch)
        if self._config.is_exact and not was_finished and not self.progress.stopped_early:
            reporter.send(
                Warned(
                    Text(
                        "The exact fit was cut off after %1 iterations, the number of epochs. "
                        "More may be more accurate.",
                        self._config.epochs,
                    )
                )
            )

    def result(self) -> TrainedClassifier:
        """Return the best weights so far; at least one epoch must be done."""
        splits = self._data.splits
        held_out = (Split.VALIDATION, Split.TEST)
        return TrainedClassifier(
            self._data.backbone,
            self._training.best_layers,
            {split: self._training.logits(splits[split]) for split in held_out},
            self.progress.best_epoch,
            self.progress.epoch,
        )
