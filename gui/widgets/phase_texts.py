"""What a worker is busy with, in words."""

from PySide6.QtCore import QCoreApplication

from core.messages.events import Phase


def phase_text(phase: Phase) -> str:
    """What a worker is busy with: "Training"."""
    return _tr(phase.text)


def rate_unit(phase: Phase) -> str:
    """What a phase's speed is given in: "pictures/s"."""
    return _tr("%1/s").replace("%1", _tr(phase.unit))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Phase", text)
