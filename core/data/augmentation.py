"""Random changes to pictures, so that a model learns what does not matter."""

from dataclasses import dataclass
from enum import StrEnum


class Flip(StrEnum):
    """Which mirror images a picture may be replaced with."""

    NONE = "none"
    HORIZONTAL = "horizontal"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How far each kind of change may go; `TrainConfig` has units and ranges."""

    flip: Flip = Flip.NONE
    rotation: float = 0.0
    zoom: float = 0.0
    shift: float = 0.0
    crop: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    color: float = 0.0
    cutout: float = 0.0

    @property
    def is_active(self) -> bool:
        """Whether any picture is ever changed."""
        return self != Augmentation()
