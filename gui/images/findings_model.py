"""Findings of the image check, as a table."""

from pathlib import Path

from core.data.dataset import Finding
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.columns import Column, Columns, ColumnsModel


def _detail(finding: Finding) -> str:
    return shown(finding.detail)


def _tooltip(finding: Finding) -> str:
    detail = _detail(finding)
    return detail if finding.path is None else f"{finding.path}\n{detail}"


def _file(finding: Finding) -> str:
    """Return the file's name with its folder, since folders often hold equal names."""
    return "" if finding.path is None else str(Path(finding.path.parent.name, finding.path.name))


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
        text=_file,
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
