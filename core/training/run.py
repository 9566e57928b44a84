"""One training run from request to model folder."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from core.backbones.strange_address import refuse_strange_address
from core.computer.computer_facts import this_computer
from core.data.dataset import Split
from core.errors import ArchiveError, BackboneError, DatasetError, RunError
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import (
    Event,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from core.messages.reporter import Reporter
from core.messages.requests import ResumeRequest, RunRequest, TrainRequest
from core.models.model_info import MODEL_FILE
from core.runs.log_file import continue_log_in
from core.runs.run_computer import write_run_computer
from core.runs.run_end import can_be_resumed, read_end, write_end
from core.runs.run_folder import RunFolder
from core.runs.run_results import RunResults, load_run_results
from core.settings.config import TrainConfig
from core.text import Text
from core.training.backbone_choice import (
    choose_backbone,
    configure_tensorflow,
    shortcomings,
    with_absolute_handles,
)
from core.training.run_data import ChosenBackbone, RunData, RunDataPreparation

if TYPE_CHECKING:
    from core.backbones.saved_model_training import TrainableBackbone


class TrainingRun:
    """Carries out one request; sends its events, the terminal one included.

    Args:
        request: A new training, or one to resume.
        send: Where events go.
        control: Stop and pause.
    """

    def __init__(
        self,
        request: RunRequest,
        send: Callable[[Event], None],
        control: RunControl,
    ) -> None:
        self._request = request
        self._reporter = Reporter(send)
        self._control = control
        self._started = time.monotonic()
        self._trainable: TrainableBackbone | None = None

    def carry_out(self) -> None:
        """Train to the end, or until asked to stop.

        Raises:
            FieldguideError: If the run can't be carried out.
        """
        folder = self._open_folder()
        with folder.lock():
            self._reporter.send(RunStarted(folder.path))
            continue_log_in(folder.log_path)
            try:
                self._train(folder)
            except StopRequestedError:
                self._reporter.send(_cancelled_early(folder))
            except (ArchiveError, BackboneError, DatasetError):
                # The request itself was wrong. Nothing is lost with a new folder, and the same
                # --output serves for the next try.
                if isinstance(self._request, TrainRequest):
                    folder.discard_if_unused()
                raise

    def _open_folder(self) -> RunFolder:
        if isinstance(self._request, TrainRequest):
            request = self._request
            # Resuming must find the backbone from any folder.
            config = with_absolute_handles(request.config)
            return RunFolder.create(
                request.output, config, request.sources, request.edits, request.runs
            )
        return RunFolder.open(self._request.run_dir)

    def _train(self, folder: RunFolder) -> None:
        # Without a checkpoint it begins anew, whatever the history says.
        has_state = folder.checkpoint_dir.is_dir() and any(folder.checkpoint_dir.iterdir())
        has_model = (folder.model_dir / MODEL_FILE).exists()
        if has_state and has_model and not can_be_resumed(folder):
            self._reporter.send(Warned(Text("This run is already finished. Here are its results.")))
            self._reporter.send(read_end(folder))
            return
        config, sources = folder.read_config()
        preparation = RunDataPreparation(folder, config, self._reporter, self._control)
        data = preparation.prepare(
            sources,
            lambda: self._choose_backbone(config),
            folder.read_edits(),
        )
        configure_tensorflow(config)
        self._report_device(folder, config)
        self._finish(folder, config, data)

    def _choose_backbone(self, config: TrainConfig) -> ChosenBackbone:
        if isinstance(self._request, ResumeRequest):  # the run may come from elsewhere
            for handle in config.backbones:
                refuse_strange_address(handle, Text("The run"))
        chosen = choose_backbone(config, self._reporter, self._control, trust=self._request.trust)
        for text in shortcomings(chosen.backbone, config):
            self._reporter.send(Warned(text))
        if config.fine_tune and isinstance(self._request, TrainRequest):
            # Better now than when all features are computed and the head is trained.
            configure_tensorflow(config)
            from core.backbones.saved_model_training import load_trainable_backbone

            self._trainable = load_trainable_backbone(chosen.backbone)
        return chosen

    def _finish(self, folder: RunFolder, config: TrainConfig, data: RunData) -> None:
        """Carry out the stages that are left, and write what came of them."""
        # Imported here: by now TensorFlow is loaded, or nearly so.
        from core.training.head_stage import TrainedClassifier
        from core.training.result_writing import write_result
        from core.training.stages import Stages

        def write(trained: TrainedClassifier) -> RunResults:
            return write_result(folder, config, data, trained, self._reporter)

        stages = Stages(
            folder, config, data, self._reporter, self._control, trainable=self._trainable
        )
        try:
            stages.carry_out(write)
            is_stopped = False
        except StopRequestedError:
            is_stopped = True
        if not stages.epochs:
            raise StopRequestedError
        trained = stages.result()
        results = write(trained)
        stages.clean_up()
        if is_stopped:
            self._reporter.send(_cancelled(folder, stages.epochs, results))
            return
        test = results.splits.get(Split.TEST)
        end = TrainingFinished(
            run_dir=folder.path,
            model_dir=folder.model_dir,
            val_accuracy=results.splits[Split.VALIDATION].evaluation.accuracy,
            test_accuracy=test.evaluation.accuracy if test else None,
            test_interval=test.evaluation.interval if test else None,
            epochs=stages.epochs,
            best_epoch=trained.best_epoch,
            seconds=time.monotonic() - self._started,
            figures=results.figures(results.best_split),
        )
        write_end(folder, end)
        self._reporter.send(end)

    def _report_device(self, folder: RunFolder, config: TrainConfig) -> None:
        from core.training.devices import lacking_device, report_device, used_gpus

        self._reporter.send(report_device())
        write_run_computer(folder.path, this_computer(used_gpus()))
        if lacking := lacking_device(config.device):
            self._reporter.send(Warned(lacking))


def _cancelled_early(folder: RunFolder) -> TrainingCancelled:
    """Return the event of a stop before this part's first epoch; there may be an older model."""
    if not (folder.model_dir / MODEL_FILE).exists():
        return TrainingCancelled(folder.path, None, 0)
    num_epochs = len(folder.read_history())
    try:
        return _cancelled(folder, num_epochs, load_run_results(folder.path))
    except RunError:
        return TrainingCancelled(folder.path, folder.model_dir, num_epochs)


def _cancelled(folder: RunFolder, num_epochs: int, results: RunResults) -> TrainingCancelled:
    """Return the event of a stopped run that has a model with these results."""
    accuracies = {split: each.evaluation.accuracy for split, each in results.splits.items()}
    return TrainingCancelled(
        folder.path,
        folder.model_dir,
        num_epochs,
        accuracies.get(Split.VALIDATION),
        accuracies.get(Split.TEST),
        results.figures(results.best_split),
    )
