"""Verdicts on exports in words, with an icon each."""

from collections.abc import Iterable
from typing import assert_never

from PySide6.QtGui import QIcon

from core.export_spec.artifact import ArtifactResult, Verdict
from gui.look.icons import IconColor, icon
from gui.look.language import tr, tr_count


def worst_verdict(results: Iterable[ArtifactResult]) -> Verdict:
    """Return the worst verdict of several artifacts."""
    return max(result.verdict for result in results)


def verdict_word(verdict: Verdict) -> str:
    """Return the name of a verdict."""
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


def verdict_count(verdict: Verdict, count: int) -> str:
    """Return how many exports have a verdict: "3 passed"."""
    match verdict:
        case Verdict.PASSED:
            return tr_count("%n passed", "", count)
        case Verdict.IN_PART:
            return tr_count("%n verified in part", "", count)
        case Verdict.NOT_VERIFIED:
            return tr_count("%n not verified here", "", count)
        case Verdict.FAILED:
            return tr_count("%n failed", "", count)
        case Verdict.NOT_MADE:
            return tr_count("%n not made", "", count)
        case _:
            assert_never(verdict)


def verdict_icon(verdict: Verdict) -> QIcon:
    """Return the icon beside the name."""
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
