"""The second stage of a run: backbone and head are trained together on pixels."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import tensorflow as tf

from core.backbones.backbone import Backbone
from core.backbones.litert_conversion import write_litert
from core.backbones.prepared_folder import LITERT_FILE
from core.backbones.saved_model_freezing import frozen_function, write_graph
from core.backbones.saved_model_training import (
    TrainableBackbone,
    freeze_loaded,
    load_trainable_backbone,
    spread_backbone,
)
from core.data.dataset import Split
from core.errors import TrainingError
from core.messages.control import RunControl
from core.messages.events import EpochFinished, Phase, Warned
from core.messages.reporter import Reporter
from core.models.feature_scaling import FeatureScaling
from core.models.litert_head import DenseWeights
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from core.text import Text, count_text
from core.training.devices import has_gpu, make_strategy, report_device, use_half_precision
from core.training.fine_tuning import FineTuning
from core.training.fine_tuning_state import FineTuningState
from core.training.fine_tuning_steps import FineTuningSteps
from core.training.head import Head
from core.training.head_data import class_weights
from core.training.head_stage import HeadStage, TrainedClassifier
from core.training.pixel_batches import PixelBatches
from core.training.plateau import Plateau
from core.training.run_data import RunData
from core.training.run_record import RunRecord


class FineTuningStage:
    """Fine-tunes the head stage's result, or resumes that.

    Args:
        head_stage: Finished.
        strategy: How it is spread over devices; None for all that are in use.
        trainable: The backbone, where it was loaded already.

    Raises:
        BackboneError: If the backbone can't be trained.
    """

    def __init__(
        self,
        folder: RunFolder,
        config: TrainConfig,
        data: RunData,
        head_stage: HeadStage,
        reporter: Reporter,
        control: RunControl,
        strategy: Any = None,
        *,
        trainable: TrainableBackbone | None = None,
    ) -> None:
        self._folder, self._config, self._data = folder, config, data
        self._head_stage, self._reporter, self._control = head_stage, reporter, control
        self._before = head_stage.result()
        self._tuned_dir = folder.path / "backbone.partial"
        steps = make_fine_tuning_steps(
            data.backbone,
            self._before.layers,
            config,
            strategy,
            self._on_fewer_rows,
            data.scaling,
            trainable,
        )
        self._backbone, self._head = steps.backbone, steps.head
        self._is_spread = steps.is_spread
        self._state = self._make_state(steps)
        self._batches = {split: self._make_batches(split) for split in Split}
        self._tuning = FineTuning(
            config,
            steps,
            self._state,
            self._batches[Split.TRAINING],
            self._batches[Split.VALIDATION],
            data.splits[Split.VALIDATION].classes(),
            first_epoch=head_stage.progress.epoch,
            control=control,
        )

    def carry_out(self, record: RunRecord) -> None:
        """Train the epochs that are left.

        Raises:
            StopRequestedError: If the run should stop; the state is saved.
            TrainingError: If the loss is no longer a number, or memory runs out.
            DatasetError: If an image is missing or another than before.
            StorageError: If the state can't be written.
        """
        total = self._config.fine_tune_epochs * len(self._batches[Split.TRAINING])
        self._reporter.start_phase(Phase.FINE_TUNING, total, self._tuning.num_images)

        def note_epoch(event: EpochFinished) -> None:
            record.note_epoch(event)
            self._reporter.send(report_device())

        self._tuning.run(self._reporter.batch, note_epoch, self._reporter.progress)

    def result(self) -> TrainedClassifier:
        """Return the best weights so far, those of the head's stage included.

        Training can't continue after that, except from its checkpoint.

        Raises:
            BackboneError: If the tuned backbone can't be saved.
            StorageError: If it can't be written.
        """
        progress = self._state.progress
        num_epochs = self._head_stage.progress.epoch + progress.epochs_noted
        if not progress.best_epoch:
            return replace(self._before, num_epochs=num_epochs)
        self._reporter.start_phase(Phase.EVALUATING)
        self._state.take_best()
        logits = {
            split: self._tuning.logits(self._batches[split], obey_stop=False)
            for split in (Split.VALIDATION, Split.TEST)
        }
        return TrainedClassifier(
            self._tuned_backbone(),
            self._head.read(),
            logits,
            self._head_stage.progress.epoch + progress.best_epoch,
            num_epochs,
            is_fine_tuned=True,
        )

    def clean_up(self) -> None:
        """Remove what `result` wrote, once it is part of a model."""
        shutil.rmtree(self._tuned_dir, ignore_errors=True)

    @property
    def epochs(self) -> int:
        """Whole epochs that are done."""
        return self._state.progress.epochs_noted

    @property
    def is_finished(self) -> bool:
        """Whether no epoch is left."""
        return self._tuning.is_finished

    def _make_state(self, steps: FineTuningSteps) -> FineTuningState:
        # Moving averages of batch normalisation change too where it follows the batches.
        others = self._backbone.others if self._config.train_batch_norm else ()
        scale = steps.loss_scale.variables if steps.loss_scale is not None else ()
        return FineTuningState(
            self._folder.checkpoint_dir,
            [*steps.trained, *others],
            [*steps.optimizer.variables, *scale],
            steps.average,
            Plateau.for_config(self._config),
            self._head_stage.progress.best_val_loss,
        )

    def _make_batches(self, split: Split) -> PixelBatches:
        data = self._data.splits[split]
        # What is kept is measured to the end even after a stop.
        check = self._control.checkpoint if split is Split.TRAINING else _go_on
        return PixelBatches(
            [self._data.images[row] for row in data.rows],
            self._config,
            self._data.backbone.info.input_size,
            class_weights(self._data.splits[Split.TRAINING], self._config),
            check,
            self._data.decoding.sample_bits,
        )

    def _on_fewer_rows(self, rows: int) -> None:
        self._reporter.send(
            Warned(
                count_text(
                    "Memory ran out: pictures are now computed %n at a time. The batch size is "
                    "still %1.",
                    "",
                    rows,
                    self._config.batch_size,
                )
            )
        )

    def _tuned_backbone(self) -> Backbone:
        """Write the tuned weights as a frozen graph and a LiteRT file."""
        backbone, folder = self._data.backbone, self._tuned_dir
        self.clean_up()
        graph_path, litert_path = folder / "frozen_graph.bin", folder / LITERT_FILE
        with tf.device("CPU:0"):
            tuned = self._copy_of_backbone() if self._is_spread else self._backbone
            graph = freeze_loaded(backbone, tuned.loaded)
            write_graph(graph, graph_path)
            info = backbone.info
            function = frozen_function(graph, info.input_size, info.all_parts)
            is_converted = write_litert(function, info.input_size, litert_path)
        return replace(
            backbone,
            frozen_graph_path=graph_path,
            litert_path=litert_path if is_converted else None,
        )

    def _copy_of_backbone(self) -> TrainableBackbone:
        """Load it anew, with its tuned weights: those on several devices can't be converted."""
        copy = load_trainable_backbone(self._data.backbone)
        mine = (*self._backbone.trainable, *self._backbone.others)
        for variable, tuned in zip((*copy.trainable, *copy.others), mine, strict=True):
            variable.assign(tuned.numpy())
        return copy


def make_fine_tuning_steps(
    backbone: Backbone,
    layers: Sequence[DenseWeights],
    config: TrainConfig,
    strategy: Any = None,
    on_fewer_rows: Callable[[int], None] = lambda _rows: None,
    scaling: FeatureScaling | None = None,
    trainable: TrainableBackbone | None = None,
) -> FineTuningSteps:
    """Load a backbone's weights as variables, with a head on top.

    TensorFlow must be configured.

    Args:
        layers: The head's weights to begin with.
        strategy: How it is spread over devices; None for all that are in use.
        on_fewer_rows: See `FineTuningSteps`.
        scaling: See `FineTuningSteps`.
        trainable: The backbone, where it was loaded already.

    Raises:
        BackboneError: If the backbone can't be trained.
        TrainingError: If batch normalisation is to be trained on several devices.
    """
    strategy = strategy if strategy is not None else make_strategy()
    if strategy.num_replicas_in_sync > 1 and config.train_batch_norm:
        # Each device would move the averages its own way.
        raise TrainingError(
            Text(
                "Batch normalisation can't be trained on several GPUs. Turn that setting off, or "
                "choose one GPU as the device."
            )
        )
    is_half = config.mixed_precision and has_gpu()
    if is_half:
        use_half_precision()
    trainable = trainable or load_trainable_backbone(backbone)
    if strategy.num_replicas_in_sync > 1:
        trainable = spread_backbone(trainable, backbone, strategy)
    with strategy.scope():
        return FineTuningSteps(
            trainable,
            Head(layers),
            config,
            len(layers[-1].bias),
            strategy,
            scaling=scaling,
            half_precision=is_half,
            on_fewer_rows=on_fewer_rows,
        )


def _go_on() -> None:
    """Do nothing: no reason to end a wait for images."""
