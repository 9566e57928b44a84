"""Findings of the image check, as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.data.dataset import Finding, FindingKind
from gui.look.language import shown, tr
from gui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex


def kind_text(kind: FindingKind, count: int = 1) -> str:
    """Return the name of a kind of finding, in the plural if `count` isn't 1."""
    return shown(kind.text if count == 1 else kind.plural)


def badge_text(kind: FindingKind) -> str:
    """Return its name for the corner of a picture; "" if it is about no picture."""
    return shown(kind.badge) if kind.badge else ""


class FindingsModel(QAbstractTableModel):
    """A row a finding: kind, file, explanation."""

    KIND, FILE, DETAIL = range(3)
    FindingRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()

    def set_rows(self, findings: Sequence[Finding]) -> None:
        """Show other findings."""
        self.beginResetModel()
        self._findings = tuple(findings)
        self.endResetModel()

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._findings)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return (tr("Finding"), tr("File"), tr("What it means"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        finding = self._findings[index.row()]
        if role == self.FindingRole:
            return finding
        if role == Qt.ItemDataRole.ToolTipRole:
            where = "" if finding.path is None else f"{finding.path}\n"
            return plain_tooltip(where + finding.detail)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if index.column() == self.KIND:
            return kind_text(finding.kind)
        if index.column() == self.FILE:
            return "" if finding.path is None else finding.path.name
        return finding.detail
