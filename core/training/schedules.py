"""The learning rate of every step, as plain numbers."""

import numpy as np
from numpy.typing import NDArray

from core.config import Schedule, TrainConfig

_WARMUP_SHARE = 0.05
# An exponential schedule ends at this share of the peak.
_EXPONENTIAL_END = 0.01


def learning_rates(
    config: TrainConfig, steps: NDArray[np.int64], num_steps: int
) -> NDArray[np.float32]:
    """Learning rates of some steps of a run.

    The cosine schedule is that of Loshchilov and Hutter, "SGDR" (2017), without restarts,
    after a linear warm-up as in Goyal et al., "Accurate, Large Minibatch SGD" (2017).

    Args:
        steps: Positions in the run, from 0 to `num_steps - 1`, any shape.
        num_steps: Steps of all the run's epochs together.

    Returns:
        Of `steps`' shape, each in (0, `config.learning_rate`].
    """
    done = steps / max(num_steps, 1)
    match config.schedule:
        case Schedule.CONSTANT:
            shares = np.ones(steps.shape)
        case Schedule.EXPONENTIAL:
            shares = _EXPONENTIAL_END**done
        case Schedule.COSINE:
            shares = _cosine_shares(steps, num_steps)
    return np.asarray(config.learning_rate * shares, np.float32)


def _cosine_shares(steps: NDArray[np.int64], num_steps: int) -> NDArray[np.float64]:
    warmup = int(_WARMUP_SHARE * num_steps)
    rising = (steps + 1) / (warmup + 1)
    falling = 0.5 * (1 + np.cos(np.pi * (steps - warmup) / max(num_steps - warmup, 1)))
    return np.where(steps < warmup, rising, falling)
