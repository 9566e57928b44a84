"""The metrics behind the training plots, per epoch and between epochs."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from core.messages.events import BatchFinished, EpochFinished

METRICS = ("accuracy", "loss")


@dataclass(slots=True)
class Curve:
    """Points of one line.

    Attributes:
        epochs: Positions; the end of the first epoch is 1, its middle 0.5.
        values: Accuracies in [0, 1], or losses.
    """

    epochs: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, epoch: float, value: float) -> None:
        """Append a point."""
        self.epochs.append(epoch)
        self.values.append(value)

    def cut(self, epoch: float) -> None:
        """Remove the points from `epoch` on."""
        while self.epochs and self.epochs[-1] >= epoch:
            self.epochs.pop()
            self.values.pop()

    def value_near(self, epoch: float) -> float | None:
        """Return the value of the point nearest to `epoch`; None without points."""
        if not self.epochs:
            return None
        nearest = min(range(len(self.epochs)), key=lambda i: abs(self.epochs[i] - epoch))
        return self.values[nearest]


class TrainingHistory:
    """Curves by name: `accuracy`, `val_accuracy`, `batch_accuracy`, and likewise for the loss.

    Args:
        name: Of the run, for the legend; "" if it has none yet.

    Attributes:
        num_epochs: Epochs that the run may take; 0 before the first.
        best_epoch: The epoch with the lowest validation loss; 0 before the first.
        last_of_head: Epochs before the backbone was unfrozen; None while it is frozen.
        is_exact: Whether the head's epochs are iterations of an exact fit.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.num_epochs = 0
        names = [f"{prefix}{metric}" for metric in METRICS for prefix in ("", "val_", "batch_")]
        self.curves = {name: Curve() for name in names}
        self.best_epoch = 0
        self.last_of_head: int | None = None
        self.is_exact = False

    def add_batch(self, event: BatchFinished) -> None:
        """Add steps of an epoch."""
        place = event.epoch - 1 + event.step / event.num_steps
        for metric in METRICS:
            self.curves[f"batch_{metric}"].cut(place)
            self.curves[f"batch_{metric}"].add(place, getattr(event, metric))

    def add_epoch(self, event: EpochFinished) -> None:
        """Add a whole epoch."""
        for name in ("accuracy", "loss", "val_accuracy", "val_loss"):
            # A run that is resumed goes through the epochs after its checkpoint again.
            self.curves[name].cut(event.epoch)
            self.curves[name].add(event.epoch, getattr(event, name))
        if event.is_best:
            self.best_epoch = event.epoch
        self.num_epochs = event.num_epochs
        if not event.is_fine_tuning:
            self.is_exact = event.is_exact
            self.last_of_head = None
        elif self.last_of_head is None:
            self.last_of_head = event.epoch - 1

    @property
    def last_epoch(self) -> int:
        """The last epoch so far; 0 before the first."""
        epochs = self.curves["accuracy"].epochs
        return round(epochs[-1]) if epochs else 0

    def is_iteration(self, epoch: int) -> bool:
        """Return whether an epoch is an iteration of an exact fit."""
        return self.is_exact and (self.last_of_head is None or epoch <= self.last_of_head)

    def load(self, lines: Sequence[dict[str, Any]]) -> None:
        """Add the epochs of a run folder's history; invalid lines are skipped."""
        # Runs of earlier versions lack what has a default.
        needed = [each.name for each in fields(EpochFinished) if each.default is MISSING]
        for line in lines:
            if all(isinstance(line.get(name), int | float) for name in needed):
                values = {name: line[name] for name in needed}
                is_fine_tuning = line.get("is_fine_tuning") is True
                is_exact = line.get("is_exact") is True
                self.add_epoch(
                    EpochFinished(**values, is_fine_tuning=is_fine_tuning, is_exact=is_exact)
                )
