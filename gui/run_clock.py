"""Measures what a run takes for what, from its events."""

import math
import time
from collections.abc import Callable

from core.runs.speed_record import Speed
from core.worker.events import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Event,
    Phase,
    PhaseStarted,
    TrainingFinished,
)

# A handful of pictures says nothing about the rate.
_FEWEST_PICTURES = 20
_SHORT_EPOCH_S = 2.0


class RunClock:
    """Hears every event of one run.

    Args:
        now: Seconds from any start.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._extraction_began = 0.0
        self._extraction_s = 0.0
        self._num_pictures = self._num_new = 0
        self._num_steps = 0
        self._training_s = 0.0
        self._epoch_s = math.inf
        self._steps = 0

    @property
    def num_pictures(self) -> int:
        """Pictures that take part; 0 before they are known."""
        return self._num_pictures

    @property
    def epochs_are_short(self) -> bool:
        """Whether an epoch takes less than a person needs to read its numbers."""
        return self._epoch_s < _SHORT_EPOCH_S

    def hear(self, event: Event) -> None:
        """Note what an event tells."""
        match event:
            case PhaseStarted(phase=Phase.EXTRACTING_FEATURES):
                self._extraction_began = self._now()
            case DatasetSplit():
                self._extraction_s = self._now() - self._extraction_began
                counts = (event.num_training, event.num_validation, event.num_test)
                self._num_pictures = sum(counts)
                self._num_new = self._num_pictures - event.cached_features
            case BatchFinished():
                self._num_steps = event.num_steps
            case EpochFinished():
                self._training_s += event.seconds
                self._epoch_s = event.seconds
                self._steps += self._num_steps

    def speed(self, event: TrainingFinished, before: Speed) -> Speed:
        """How fast the run was; what it can't tell is as `before`."""
        rate, step = before.pictures_per_s, before.step_s
        if self._num_new >= _FEWEST_PICTURES and self._extraction_s > 0:
            rate = self._num_new / self._extraction_s
        if self._steps and self._training_s > 0:
            step = self._training_s / self._steps
        rest = event.seconds - self._extraction_s - self._training_s
        return Speed(rate, step, max(0.5, rest))
