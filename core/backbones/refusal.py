"""The refusal of a SavedModel from elsewhere that would do more than compute."""

from dataclasses import dataclass
from functools import reduce

from core.errors import BackboneError, FieldguideError, ModelError
from core.text import Text, count_text

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing of a SavedModel was run.

    Attributes:
        name: What the user calls the model: its name, path or address.
        fingerprint: Of its content, by which it can be trusted; see `core.backbones.trust`.
        findings: What does more than compute, each with the place where it stands, such as
            `WriteFile in the function __inference_call_12`; at least one.
    """

    name: str
    fingerprint: str
    findings: tuple[str, ...]

    def shown(self) -> tuple[str, ...]:
        """Return the first findings, and how many more there are."""
        more = len(self.findings) - _MOST_NAMED
        first = self.findings[:_MOST_NAMED]
        return (*first, count_text("%n more", "", more)) if more > 0 else first

    def listed(self) -> str:
        """Return the same in one line."""
        return reduce(lambda before, finding: Text("%1; %2", before, finding), self.shown())


class UntrustedError(FieldguideError):
    """A SavedModel would do more than compute, and the user hasn't said to trust it.

    Args:
        refusal: For those who ask the user.

    Attributes:
        unusable: The error of its kind for one that can't be read at all.
    """

    unusable: type[FieldguideError] = FieldguideError

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(
            Text(
                "%1 was not run, because its SavedModel holds operations that may do more than "
                "compute: %2. If you know where it comes from and trust its makers as you would "
                "those of a program, repeat the command with --trust.",
                refusal.name,
                refusal.listed(),
            )
        )
        self.refusal = refusal


class UntrustedBackboneError(UntrustedError, BackboneError):
    """Likewise, of a backbone."""

    unusable = BackboneError


class UntrustedModelError(UntrustedError, ModelError):
    """Likewise, of a trained model."""

    unusable = ModelError
