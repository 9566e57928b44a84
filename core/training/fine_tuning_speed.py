"""How fast a backbone is fine-tuned on this computer."""

import time
from collections.abc import Callable

import numpy as np

from core.backbones.backbone import Backbone
from core.errors import BackboneError, TrainingError
from core.settings.config import TrainConfig
from core.training.fine_tuning_stage import make_fine_tuning_steps
from core.training.head import initial_weights
from core.training.pixel_batches import PixelBatch

_NUM_CLASSES = 5
_NUM_STEPS = 3


def measure_fine_tuning(
    backbone: Backbone, config: TrainConfig, check: Callable[[], None]
) -> float | None:
    """Pictures trained on a second with the settings' batch size and share of layers.

    Noise serves for pictures: the arithmetic takes as long. Decoding is left out, since it goes
    on beside the steps.

    Args:
        check: Called between steps; what it raises ends the measurement.

    Returns:
        None if the backbone can't be fine-tuned here.
    """
    feature_dim = backbone.info.feature_dim
    layers = initial_weights(feature_dim, config.hidden_units, _NUM_CLASSES, config.seed)
    random = np.random.default_rng(0)
    shape = (config.batch_size, *backbone.info.input_size, 3)
    batch = PixelBatch(
        random.integers(0, 256, shape, np.uint8),
        np.eye(_NUM_CLASSES, dtype=np.float32)[np.arange(config.batch_size) % _NUM_CLASSES],
        np.ones(config.batch_size, np.float32),
    )
    try:
        steps = make_fine_tuning_steps(backbone, layers, config)
        check()
        steps.run(batch, 0.0, 0)  # the first one makes the graph
        times = []
        for step in range(1, _NUM_STEPS + 1):
            check()
            start = time.monotonic()
            steps.run(batch, 0.0, step)
            times.append(time.monotonic() - start)
    except (BackboneError, TrainingError):
        return None
    return config.batch_size / float(np.median(times))
