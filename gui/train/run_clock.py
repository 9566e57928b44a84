"""Measures how long the parts of a run take, from its events."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.messages.events import (
    BatchFinished,
    DatasetSplit,
    EpochFinished,
    Event,
    Phase,
    PhaseStarted,
    TrainingFinished,
)
from core.runs.speed_record import Speed, relative_tuning_cost

# A handful of images says nothing about the rate.
_FEWEST_IMAGES = 20
_SHORT_EPOCH_S = 2.0


@dataclass(slots=True)
class _Trained:
    """Time in epochs, and their number of steps (head) or images (fine-tuning)."""

    seconds: float = 0.0
    count: int = 0

    def add(self, seconds: float, count: int) -> None:
        self.seconds += seconds
        self.count += count


class RunClock:
    """Time one run; must get each of its events.

    Args:
        now: Returns seconds from any start.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._extraction_began = 0.0
        self._extraction_s = 0.0
        self._num_images = self._num_new = self._num_training = 0
        self._num_steps = 0
        self._head, self._fine_tuning = _Trained(), _Trained()
        self._first_fine_tuning = _Trained()
        self._epoch_s = math.inf
        self._aside_began: float | None = None
        self._aside_s = 0.0

    @property
    def num_images(self) -> int:
        """Included images; 0 before they are known."""
        return self._num_images

    @property
    def epochs_are_short(self) -> bool:
        """Whether an epoch is too short for its numbers to be read."""
        return self._epoch_s < _SHORT_EPOCH_S

    def hear(self, event: Event) -> None:
        """Note the time of an event."""
        match event:
            case PhaseStarted():
                self._hear_phase(event.phase)
            case DatasetSplit():
                self._extraction_s = self._now() - self._extraction_began
                counts = (event.num_training, event.num_validation, event.num_test)
                self._num_training = event.num_training
                self._num_images = sum(counts)
                self._num_new = self._num_images - event.cached_features
            case BatchFinished():
                self._num_steps = event.num_steps
            case EpochFinished():
                self._epoch_s = event.seconds
                if not event.is_fine_tuning:
                    self._head.add(event.seconds, self._num_steps)
                elif not self._first_fine_tuning.count:
                    self._first_fine_tuning.add(event.seconds, self._num_training)
                else:
                    self._fine_tuning.add(event.seconds, self._num_training)

    def speed(
        self, event: TrainingFinished, before: Speed, fine_tune_fraction: float = 1.0
    ) -> Speed:
        """Return how fast the run was; what was not measured is as in `before`.

        Args:
            fine_tune_fraction: Fraction of the layers that its fine-tuning trained.
        """
        rate, step = before.images_per_s, before.step_s
        fine_tuning = before.fine_tuning_images_per_s
        if self._num_new >= _FEWEST_IMAGES and self._extraction_s > 0:
            rate = self._num_new / self._extraction_s
        if self._head.count and self._head.seconds > 0:
            step = self._head.seconds / self._head.count
        # The first epoch also builds the graph; a run of one epoch has no other.
        tuned = self._fine_tuning if self._fine_tuning.count else self._first_fine_tuning
        if tuned.count >= _FEWEST_IMAGES and tuned.seconds > 0:
            fine_tuning = tuned.count / tuned.seconds * relative_tuning_cost(fine_tune_fraction)
        rest = event.seconds - self._extraction_s - self._head.seconds - self._aside_s
        if self._first_fine_tuning.count:
            # The rest includes what fine-tuning prepares and saves, which other runs don't need.
            return Speed(rate, step, before.rest_s, fine_tuning)
        return Speed(rate, step, max(0.5, rest), fine_tuning)

    def _hear_phase(self, phase: Phase) -> None:
        """Time the phases that other runs don't repeat, or not in full."""
        is_aside = phase is Phase.DOWNLOADING or (
            phase is Phase.EXTRACTING_FEATURES and self._num_images > 0  # augmented versions
        )
        begins = phase is Phase.EXTRACTING_FEATURES and not is_aside
        if self._aside_began is None and not is_aside and not begins:
            return
        now = self._now()
        if self._aside_began is not None:
            self._aside_s += now - self._aside_began
        self._aside_began = now if is_aside else None
        if begins:
            self._extraction_began = now
