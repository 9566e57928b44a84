"""The stages of a run: the head on feature vectors, then, if asked for, the backbone too."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.errors import TrainingError
from core.messages.control import RunControl
from core.messages.events import Phase
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from core.text import Text
from core.training.head_stage import HeadStage, TrainedClassifier
from core.training.run_data import RunData
from core.training.run_record import RunRecord

if TYPE_CHECKING:
    from core.backbones.saved_model_training import TrainableBackbone
    from core.training.fine_tuning_stage import FineTuningStage


class Stages:
    """Carries out the stages that are left of a run, in order.

    Args:
        folder: Holds the state.
        data: Images and feature vectors.
        trainable: The backbone, where it was loaded to be trained already.

    Raises:
        BackboneError: If the backbone can't be fine-tuned.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        data: RunData,
        reporter: Reporter,
        control: RunControl,
        *,
        trainable: "TrainableBackbone | None" = None,
    ) -> None:
        self._folder, self._config, self._data = folder, config, data
        self._trainable = trainable
        self._reporter, self._control = reporter, control
        self._head = HeadStage(folder, config, data, control)
        self._tuning: FineTuningStage | None = None
        if config.fine_tune and self._head.is_finished:
            self._begin_tuning()
        tuned = self._tuning.epochs if self._tuning is not None else 0
        self._record = RunRecord(folder, self._head.progress.epoch + tuned, reporter)

    @property
    def epochs(self) -> int:
        """Epochs done over all stages."""
        return self._record.epochs

    def carry_out(self, save_head: Callable[[TrainedClassifier], object]) -> None:
        """Train all that is left.

        Args:
            save_head: Called with what the head's stage left, before fine-tuning begins: whatever
                happens then, there is a model.

        Raises:
            StopRequestedError: If the run should stop.
            FieldguideError: If it can't continue.
        """
        try:
            self._head.carry_out(self._reporter, self._record)
            if self._config.fine_tune:
                self._control.checkpoint()
                self._tune(save_head)
        finally:
            self._record.close()

    def result(self) -> TrainedClassifier:
        """Return the best weights so far; at least one epoch must be done."""
        return self._tuning.result() if self._tuning is not None else self._head.result()

    def clean_up(self) -> None:
        """Remove what only the writing of the model needed."""
        if self._tuning is not None:
            self._tuning.clean_up()

    def _tune(self, save_head: Callable[[TrainedClassifier], object]) -> None:
        if self._tuning is None:
            save_head(self._head.result())
            self._begin_tuning()
        assert self._tuning is not None
        try:
            self._tuning.carry_out(self._record)
        except TrainingError as error:
            raise TrainingError(
                Text(
                    "%1 The model as it was before fine-tuning is in %2.",
                    str(error),
                    str(self._folder.model_dir),
                )
            ) from error

    def _begin_tuning(self) -> None:
        # Imported here: few runs need it.
        from core.training.fine_tuning_stage import FineTuningStage

        self._reporter.start_phase(Phase.PREPARING_BACKBONE)
        self._tuning = FineTuningStage(
            self._folder,
            self._config,
            self._data,
            self._head,
            self._reporter,
            self._control,
            trainable=self._trainable,
        )
