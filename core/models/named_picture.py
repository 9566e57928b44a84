"""What a classifier said about one picture, in the few numbers that people look at."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.models.classify_many import Classified
from core.models.predictor import top_classes

UNKNOWN = "unknown"
"""What a picture is called that is of none of the classes, as far as one can tell."""


@dataclass(frozen=True, slots=True)
class NamedPicture:
    """The best classes of one file; of 1,000 probabilities it keeps a handful.

    Attributes:
        best: Labels with their probabilities, best first; empty if the file is unusable.
        error: Why it is, worded to follow the file's name.
    """

    path: Path
    best: tuple[tuple[str, float], ...]
    error: str = ""

    @classmethod
    def from_outcome(cls, outcome: Classified, labels: tuple[str, ...], top: int) -> Self:
        """The `top` best classes of an outcome."""
        if outcome.probabilities is None:
            return cls(outcome.path, (), outcome.error)
        return cls(outcome.path, tuple(top_classes(outcome.probabilities, labels, top)))

    def is_unknown(self, threshold: float) -> bool:
        """Whether it is a usable picture whose best class is not probable enough.

        Args:
            threshold: In [0, 1]; 0 calls nothing unknown.
        """
        return bool(self.best) and self.best[0][1] < threshold
