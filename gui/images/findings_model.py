"""Findings of the image check, as a table."""

from core.data.dataset import Finding
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.columns import Column, Columns, ColumnsModel


def _detail(finding: Finding) -> str:
    return shown(finding.detail)


def _tooltip(finding: Finding) -> str:
    detail = _detail(finding)
    return detail if finding.path is None else f"{finding.path}\n{detail}"


_Column = Column[Finding]


class FindingColumn(Columns):
    """Columns, the kind first."""

    KIND = _Column(
        title=lambda: tr("Finding"),
        text=lambda finding: shown(finding.kind.text),
        tooltip=_tooltip,
        width=20 * GRID,
    )
    FILE = _Column(
        title=lambda: tr("File"),
        text=lambda finding: "" if finding.path is None else finding.path.name,
        tooltip=_tooltip,
        width=24 * GRID,
    )
    DETAIL = _Column(
        title=lambda: tr("Details"),
        text=_detail,
        tooltip=_tooltip,
        is_stretched=True,
    )


class FindingsModel(ColumnsModel[Finding]):
    """A row a finding."""

    columns = FindingColumn
