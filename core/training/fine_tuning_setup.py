"""Backbone, head and steps of a fine-tuning, on the devices that the settings name."""

from collections.abc import Callable, Sequence
from typing import Any

from core.backbones.backbone import Backbone
from core.backbones.saved_model_training import load_trainable_backbone, spread_backbone
from core.errors import TrainingError
from core.models.dense_weights import DenseWeights
from core.settings.config import TrainConfig
from core.text import Text
from core.training.devices import has_gpu, make_strategy, use_half_precision
from core.training.fine_tuning_steps import FineTuningSteps
from core.training.head import Head


def make_fine_tuning_steps(
    backbone: Backbone,
    layers: Sequence[DenseWeights],
    config: TrainConfig,
    strategy: Any = None,
    on_fewer_rows: Callable[[int], None] = lambda _rows: None,
) -> FineTuningSteps:
    """Load a backbone's weights as variables, with a head on top.

    TensorFlow must be configured.

    Args:
        layers: The head's weights to begin with.
        strategy: How it is spread over devices; None for all that are in use.
        on_fewer_rows: See `FineTuningSteps`.

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
    folder, info = backbone.saved_model_dir, backbone.info
    trainable = load_trainable_backbone(folder, info)
    if strategy.num_replicas_in_sync > 1:
        trainable = spread_backbone(trainable, folder, info, strategy)
    with strategy.scope():
        return FineTuningSteps(
            trainable,
            Head(layers),
            config,
            len(layers[-1].bias),
            strategy,
            half_precision=is_half,
            on_fewer_rows=on_fewer_rows,
        )
