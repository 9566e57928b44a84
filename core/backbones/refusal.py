"""What is told when a SavedModel from elsewhere would do more than compute."""

from dataclasses import dataclass

from core.errors import BackboneError, FieldguideError, ModelError

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

    def named(self) -> str:
        """The first findings in one line, and how many more there are."""
        shown = "; ".join(self.findings[:_MOST_NAMED])
        more = len(self.findings) - _MOST_NAMED
        return f"{shown}; and {more} more" if more > 0 else shown


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
            f"{refusal.name} was not run, since its SavedModel holds operations that may do more "
            f"than compute: {refusal.named()}. If you know where it comes from and trust its "
            "makers as you would with a program, repeat the command with --trust."
        )
        self.refusal = refusal


class UntrustedBackboneError(UntrustedError, BackboneError):
    """Likewise, of a backbone."""

    unusable = BackboneError


class UntrustedModelError(UntrustedError, ModelError):
    """Likewise, of a trained model."""

    unusable = ModelError
