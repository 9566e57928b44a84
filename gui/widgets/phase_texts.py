"""What a worker is busy with, in words."""

from core.messages.events import Phase
from gui.look.language import shown, tr


def phase_text(phase: Phase) -> str:
    """What a worker is busy with: "Training"."""
    return shown(phase.text)


def rate_unit(phase: Phase) -> str:
    """What a phase's speed is given in: "pictures/s"."""
    return tr("%1/s", shown(phase.unit))
