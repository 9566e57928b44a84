"""Texts for the phases of a worker."""

from core.messages.events import Phase
from gui.look.language import shown, tr


def phase_text(phase: Phase) -> str:
    """Return the name of a phase: "Training"."""
    return shown(phase.text)


def rate_unit(phase: Phase) -> str:
    """Return the unit of a phase's speed: "images/s"."""
    return tr("%1/s", shown(phase.unit))
