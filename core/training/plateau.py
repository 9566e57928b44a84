"""A learning rate that falls when the validation loss stands still."""

import math
from dataclasses import dataclass
from typing import Self

from core.settings.choices import Schedule
from core.settings.config import TrainConfig

# As Keras's `ReduceLROnPlateau`: a tenth, and a change below this is none.
_FACTOR = 0.1
_MIN_DELTA = 1e-4
# Where no early stopping says how long to wait.
_DEFAULT_PATIENCE = 5
# Below this fraction of the rate that the run began with, nothing moves any more.
_SMALLEST = 1e-4


@dataclass(slots=True)
class Plateau:
    """Lowers a factor of the learning rate each time the validation loss stalls.

    The rules are those of Keras's `ReduceLROnPlateau` with its defaults, except for the patience
    and for where the factor ends. `dataclasses.astuple` makes numbers that a double holds exactly,
    so that a resumed run continues alike.

    Attributes:
        patience: Epochs without a better validation loss before the factor falls; 0 for never.
        factor: What the schedule's learning rate is multiplied with, in (0, 1].
        best_val_loss: The lowest validation loss so far.
        waited: Epochs since it, or since the factor fell.
    """

    patience: float = _DEFAULT_PATIENCE
    factor: float = 1.0
    best_val_loss: float = math.inf
    waited: float = 0

    @classmethod
    def for_config(cls, config: TrainConfig) -> Self:
        """Make one that acts if the schedule says so.

        It waits half as long as early stopping, so that a lower rate has as long again to show
        that it helps before the run ends.
        """
        if config.schedule is not Schedule.REDUCE_ON_PLATEAU:
            return cls(patience=0)
        if not config.early_stopping_patience:
            return cls()
        return cls(patience=max(1, config.early_stopping_patience // 2))

    def note(self, val_loss: float) -> None:
        """Take an epoch's validation loss into account, once an epoch."""
        if val_loss < self.best_val_loss - _MIN_DELTA:
            self.best_val_loss, self.waited = val_loss, 0
            return
        self.waited += 1
        if self.patience and self.waited >= self.patience:
            self.factor = max(self.factor * _FACTOR, _SMALLEST)
            self.waited = 0
