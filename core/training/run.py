"""One training run from request to model folder."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.backbones.locate import absolute_handle
from core.backbones.prepare import prepare_backbone
from core.config import TrainConfig
from core.data.dataset import Split
from core.errors import ArchiveError, BackboneError, DatasetError, RunError, StorageError
from core.evaluation.calibration import fit_temperature
from core.evaluation.metrics import wilson_interval
from core.models.model_info import MODEL_FILE, SplitResult
from core.runs.last_model import remember_last_model
from core.runs.run_folder import RunFolder
from core.runs.run_predictions import predictions_of, write_run_predictions
from core.training.run_data import ChosenBackbone, RunData, RunDataPreparation
from core.worker.control import RunControl, StopRequestedError
from core.worker.events import (
    EpochFinished,
    Event,
    Phase,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from core.worker.log_file import continue_log_in
from core.worker.reporter import Reporter
from core.worker.requests import ResumeRequest, TrainRequest


class TrainingRun:
    """Carries out one request; sends its events, the terminal one included.

    Args:
        request: A new training, or one to go on with.
        send: Where events go.
        control: Stop and pause.
    """

    def __init__(
        self,
        request: TrainRequest | ResumeRequest,
        send: Callable[[Event], None],
        control: RunControl,
    ) -> None:
        self._request = request
        self._reporter = Reporter(send)
        self._control = control
        self._started = time.monotonic()

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
            handle = absolute_handle(request.config.backbone)
            config = replace(request.config, backbone=handle)
            return RunFolder.create(request.output, config, request.sources, request.edits)
        return RunFolder.open(self._request.run_dir)

    def _train(self, folder: RunFolder) -> None:
        config, sources = folder.read_config()
        preparation = RunDataPreparation(folder, config, self._reporter, self._control)
        data = preparation.prepare(
            sources, lambda: self._choose_backbone(config), folder.read_edits()
        )
        _HeadPart(folder, config, data, self._reporter, self._control).carry_out(self._started)

    def _choose_backbone(self, config: TrainConfig) -> ChosenBackbone:
        self._reporter.start_phase(Phase.PREPARING_BACKBONE)
        self._control.checkpoint()
        backbone = prepare_backbone(config.backbone, lambda: _configure_tensorflow(config))
        if backbone.litert_path is None:  # TensorFlow computes the features then
            _configure_tensorflow(config)
        return ChosenBackbone(backbone, gpu=may_have_gpu() and _has_gpu(config))


def may_have_gpu() -> bool:
    """Whether it is worth asking TensorFlow, which takes seconds to load, for a GPU.

    TensorFlow's wheels use NVIDIA GPUs on Linux only, where each is a device file.
    """
    return any(Path("/dev").glob("nvidia[0-9]*"))


def _has_gpu(config: TrainConfig) -> bool:
    _configure_tensorflow(config)
    from core.training.devices import has_gpu

    return has_gpu()


def _configure_tensorflow(config: TrainConfig) -> None:
    # Imported here: waits for TensorFlow, which is being loaded in the background.
    from core.training.devices import configure_tensorflow

    configure_tensorflow(config)


class _HeadPart:
    """Training, evaluation and saving, once the features are there."""

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        data: RunData,
        reporter: Reporter,
        control: RunControl,
    ) -> None:
        # Imported here: by now TensorFlow is loaded, or nearly so.
        from core.training.head_training import HeadTraining
        from core.training.tensorboard_log import TensorBoardLog

        _configure_tensorflow(config)
        self._folder, self._config, self._data = folder, config, data
        self._reporter = reporter
        self._training = HeadTraining(
            config,
            data.splits[Split.TRAINING],
            data.splits[Split.VALIDATION],
            len(data.labels),
            folder.checkpoint_dir,
            control,
        )
        if (folder.model_dir / MODEL_FILE).exists() and self._training.is_finished:
            raise RunError(f"The run is finished: its model is in {folder.model_dir}.")
        folder.rewind_history(self._training.progress.epoch)
        self._tensorboard = TensorBoardLog(folder.path, self._training.progress.epoch)

    def carry_out(self, started: float) -> None:
        self._reporter.start_phase(Phase.TRAINING, self._config.epochs)
        try:
            self._training.run(self._reporter.batch, self._note_epoch)
            stopped = False
        except StopRequestedError:
            stopped = True
        finally:
            self._tensorboard.close()
        progress = self._training.progress
        if not progress.epoch:
            raise StopRequestedError
        validation, test = self._evaluate_and_save()
        if stopped:
            self._reporter.send(
                TrainingCancelled(
                    self._folder.path,
                    self._folder.model_dir,
                    progress.epoch,
                    validation.accuracy,
                    test.accuracy if test else None,
                )
            )
            return
        self._reporter.send(
            TrainingFinished(
                run_dir=self._folder.path,
                model_dir=self._folder.model_dir,
                val_accuracy=validation.accuracy,
                test_accuracy=test.accuracy if test else None,
                test_interval=test.interval if test else None,
                epochs=progress.epoch,
                best_epoch=progress.best_epoch,
                seconds=time.monotonic() - started,
            )
        )

    def _note_epoch(self, event: EpochFinished) -> None:
        self._folder.append_epoch(event)
        self._tensorboard.write(event)
        self._reporter.send(event)
        self._reporter.progress(event.epoch)

    def _evaluate_and_save(self) -> tuple[SplitResult, SplitResult | None]:
        from core.training.model_writing import write_model

        self._reporter.start_phase(Phase.EVALUATING)
        splits = self._data.splits
        validation_logits = self._training.logits(splits[Split.VALIDATION])
        validation_classes = splits[Split.VALIDATION].classes()
        temperature = fit_temperature(validation_logits, validation_classes)
        validation = _result(validation_logits, validation_classes)
        test = None
        if len(splits[Split.TEST].rows):
            test = _result(self._training.logits(splits[Split.TEST]), splits[Split.TEST].classes())
        self._reporter.start_phase(Phase.SAVING)
        self._write_predictions(temperature)
        write_model(
            self._folder,
            self._config,
            self._data,
            self._training.best_layers,
            temperature=temperature,
            validation=validation,
            test=test,
        )
        try:
            remember_last_model(self._folder.model_dir)
        except StorageError as error:
            # The model is there all the same.
            self._reporter.send(Warned(str(error)))
        return validation, test

    def _write_predictions(self, temperature: float) -> None:
        """Note what the model says of each held-out picture, for whoever shows results."""
        predictions = []
        for split in (Split.VALIDATION, Split.TEST):
            data = self._data.splits[split]
            images = [self._data.images[row] for row in data.rows]
            logits = self._training.logits(data)
            predictions += predictions_of(images, logits, temperature)
        write_run_predictions(self._folder.path, self._data.labels, predictions)


def _cancelled_early(folder: RunFolder) -> TrainingCancelled:
    """Stopped before this part of the run finished an epoch; an earlier part may have a model."""
    if not (folder.model_dir / MODEL_FILE).exists():
        return TrainingCancelled(folder.path, None, 0)
    return TrainingCancelled(folder.path, folder.model_dir, len(folder.read_history()))


def _result(logits: np.ndarray, classes: np.ndarray) -> SplitResult:
    correct = int((logits.argmax(axis=1) == classes).sum())
    return SplitResult(
        num_images=len(classes),
        accuracy=correct / len(classes),
        interval=wilson_interval(correct, len(classes)),
    )
