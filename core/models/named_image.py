"""The best classes of a classified image, as lists and tables show them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.models.classify_many import Classified
from core.models.predictor import top_classes

UNKNOWN = "unknown"
"""The name of images that are probably of none of the classes."""


@dataclass(frozen=True, slots=True)
class NamedImage:
    """The best classes of one file; of 1,000 probabilities it keeps a handful.

    Attributes:
        best: Labels with their probabilities, best first; empty if the file is unusable.
        error: Why it is, as `ImageError` says it.
    """

    path: Path
    best: tuple[tuple[str, float], ...]
    error: str = ""

    @classmethod
    def from_outcome(cls, outcome: Classified, labels: tuple[str, ...], top: int) -> Self:
        """Keep the `top` best classes of a result."""
        if outcome.probabilities is None:
            return cls(outcome.path, (), outcome.error)
        return cls(outcome.path, tuple(top_classes(outcome.probabilities, labels, top)))

    def is_unknown(self, threshold: float) -> bool:
        """Tell whether it is a usable image whose best class is not probable enough.

        Args:
            threshold: In [0, 1]; with 0 no image is unknown.
        """
        return bool(self.best) and self.best[0][1] < threshold
