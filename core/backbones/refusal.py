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

    def shown(self) -> tuple[str, ...]:
        """The first findings, and how many more there are."""
        more = len(self.findings) - _MOST_NAMED
        return (*self.findings[:_MOST_NAMED], *((f"{more} more",) if more > 0 else ()))


class UntrustedError(FieldguideError):
    """A SavedModel would do more than compute, and the user hasn't said to trust it.

    Args:
        refusal: For those who ask the user.

    Attributes:
        unusable: The error of its kind for one that can't be read at all.
    """

    unusable: type[FieldguideError] = FieldguideError

    def __init__(self, refusal: Refusal) -> None:
        shown = "; ".join(refusal.shown())
        super().__init__(
            f"{refusal.name} was not run, since its SavedModel holds operations that may do more "
            f"than compute: {shown}. If you know where it comes from and trust its makers as you "
            "would those of a program, repeat the command with --trust."
        )
        self.refusal = refusal


class UntrustedBackboneError(UntrustedError, BackboneError):
    """Likewise, of a backbone."""

    unusable = BackboneError


class UntrustedModelError(UntrustedError, ModelError):
    """Likewise, of a trained model."""

    unusable = ModelError
