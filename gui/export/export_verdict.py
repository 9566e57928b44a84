"""What became of an export, in one word with a sign."""

from collections.abc import Iterable
from typing import assert_never

from PySide6.QtGui import QIcon

from core.export_spec.artifact import ArtifactResult, Verdict
from gui.look.icons import IconColor, icon
from gui.look.language import tr


def worst_verdict(results: Iterable[ArtifactResult]) -> Verdict:
    """The one of several artifacts that needs looking at most."""
    return max(result.verdict for result in results)


def verdict_word(verdict: Verdict) -> str:
    """The verdict as it is shown."""
    match verdict:
        case Verdict.PASSED:
            return tr("passed")
        case Verdict.IN_PART:
            return tr("verified in part")
        case Verdict.NOT_VERIFIED:
            return tr("not verified here")
        case Verdict.FAILED:
            return tr("failed")
        case Verdict.NOT_MADE:
            return tr("not made")
        case _:
            assert_never(verdict)


def verdict_icon(verdict: Verdict) -> QIcon:
    """The sign beside the word."""
    match verdict:
        case Verdict.PASSED:
            return icon("circle-check", IconColor.ACCENT)
        case Verdict.IN_PART | Verdict.NOT_VERIFIED:
            return icon("circle-help", IconColor.WARNING)
        case Verdict.FAILED:
            return icon("circle-alert", IconColor.DANGER)
        case Verdict.NOT_MADE:
            return icon("circle-x", IconColor.DANGER)
        case _:
            assert_never(verdict)
