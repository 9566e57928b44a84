"""What became of an export, in one word with a sign."""

from collections.abc import Iterable
from enum import IntEnum

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QIcon

from core.export_spec.artifact import ArtifactResult
from gui.look.icons import IconColor, icon


class Verdict(IntEnum):
    """In the order of how much a person should look at it, the best first."""

    PASSED = 0
    UNVERIFIED = 1
    FAILED = 2
    NOT_MADE = 3


_SIGNS = {
    Verdict.PASSED: ("circle-check", IconColor.ACCENT),
    Verdict.UNVERIFIED: ("circle-help", IconColor.WARNING),
    Verdict.FAILED: ("circle-alert", IconColor.DANGER),
    Verdict.NOT_MADE: ("circle-x", IconColor.DANGER),
}


def verdict_of(result: ArtifactResult) -> Verdict:
    """Whether an artifact is there and agrees with its model."""
    if result.error:
        return Verdict.NOT_MADE
    if result.passed is None:
        return Verdict.UNVERIFIED
    return Verdict.PASSED if result.passed else Verdict.FAILED


def worst_verdict(results: Iterable[ArtifactResult]) -> Verdict:
    """The one of several artifacts that needs looking at most."""
    return max(verdict_of(result) for result in results)


def verdict_word(verdict: Verdict) -> str:
    """The verdict as it is shown."""
    return {
        Verdict.PASSED: _tr("passed"),
        Verdict.UNVERIFIED: _tr("not verified here"),
        Verdict.FAILED: _tr("failed"),
        Verdict.NOT_MADE: _tr("not made"),
    }[verdict]


def verdict_icon(verdict: Verdict) -> QIcon:
    """The sign beside the word."""
    return icon(*_SIGNS[verdict])


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportVerdict", text)
