"""The learning rate of every step, as plain numbers."""

from decimal import Decimal
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from core.settings.choices import Schedule
from core.settings.config import TrainConfig

_WARMUP_FRACTION = 0.05
# An exponential schedule ends at this fraction of the peak.
_EXPONENTIAL_END = 0.01
# A step schedule divides by ten after each third of the run.
_NUM_STEPS, _STEP_FACTOR = 3, 0.1
# Defaults of fastai's `fit_one_cycle`: the fraction of the run that rises, and where it begins and
# ends as fractions of the peak.
_CYCLE_RISE, _CYCLE_START, _CYCLE_END = 0.3, 1 / 25, 1e-5


def learning_rates(
    config: TrainConfig, steps: NDArray[np.int64], num_steps: int
) -> NDArray[np.float32]:
    """Compute the learning rates of some steps of a run.

    The cosine schedule is that of Loshchilov and Hutter, "SGDR" (2017), without restarts,
    after a linear warm-up as in Goyal et al., "Accurate, Large Minibatch SGD" (2017). One cycle
    is that of Smith and Topin, "Super-Convergence" (2018), with cosines for both slopes as in
    fastai; momentum stays. For `reduce-on-plateau` the rate is constant here, to be multiplied
    with `Plateau.factor`.

    Args:
        steps: Positions in the run, from 0 to `num_steps - 1`, any shape.
        num_steps: Steps of all the run's epochs together.

    Returns:
        Of `steps`' shape, each in (0, `config.learning_rate`].
    """
    done = steps / max(num_steps, 1)
    factors: NDArray[np.float64]
    match config.schedule:
        case Schedule.CONSTANT | Schedule.REDUCE_ON_PLATEAU:
            factors = np.ones(steps.shape)
        case Schedule.EXPONENTIAL:
            factors = _EXPONENTIAL_END**done
        case Schedule.COSINE:
            factors = _cosine_factors(steps, num_steps)
        case Schedule.STEP:
            parts = _NUM_STEPS * steps // max(num_steps, 1)
            factors = _STEP_FACTOR ** parts.astype(np.float64)
        case Schedule.ONE_CYCLE:
            factors = _one_cycle_factors(steps, num_steps)
        case _:
            assert_never(config.schedule)
    return np.asarray(config.learning_rate * factors, np.float32)


def rate_text(rate: float) -> str:
    """Write a learning rate in full, without an exponent: 0.00001."""
    return f"{Decimal(f'{rate:g}'):f}"


def _cosine_factors(steps: NDArray[np.int64], num_steps: int) -> NDArray[np.float64]:
    warmup = int(_WARMUP_FRACTION * num_steps)
    rising = (steps + 1) / (warmup + 1)
    falling = 0.5 * (1 + np.cos(np.pi * (steps - warmup) / max(num_steps - warmup, 1)))
    return np.where(steps < warmup, rising, falling)


def _one_cycle_factors(steps: NDArray[np.int64], num_steps: int) -> NDArray[np.float64]:
    # The last step is at the end of the cycle, so that even a short run gets there.
    done = steps / max(num_steps - 1, 1)
    rising = _cosine_between(_CYCLE_START, 1.0, done / _CYCLE_RISE)
    falling = _cosine_between(1.0, _CYCLE_END, (done - _CYCLE_RISE) / (1 - _CYCLE_RISE))
    return np.where(done < _CYCLE_RISE, rising, falling)


def _cosine_between(start: float, end: float, position: NDArray[np.float64]) -> NDArray[np.float64]:
    return start + (end - start) * 0.5 * (1 - np.cos(np.pi * position))
