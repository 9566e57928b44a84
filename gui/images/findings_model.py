"""What the check of the pictures found, as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.data.dataset import Finding, FindingKind
from gui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex


def kind_text(kind: FindingKind, count: int = 1) -> str:
    """The name of a kind of finding; with a count in front if it isn't 1."""
    one, many = _names()[kind]
    return one if count == 1 else many


def _names() -> dict[FindingKind, tuple[str, str]]:
    def tr(text: str) -> str:
        return QCoreApplication.translate("FindingKind", text)

    return {
        FindingKind.UNREADABLE: (tr("unreadable picture"), tr("unreadable pictures")),
        FindingKind.NOT_AN_IMAGE: (tr("file that is no picture"), tr("files that are no pictures")),
        FindingKind.DUPLICATE: (tr("exact copy"), tr("exact copies")),
        FindingKind.NEAR_DUPLICATE: (tr("near copy"), tr("near copies")),
        FindingKind.LABEL_CONFLICT: (tr("picture in two classes"), tr("pictures in two classes")),
        FindingKind.SPLIT_LEAK: (tr("copy across splits"), tr("copies across splits")),
        FindingKind.EMPTY_CLASS: (tr("empty class folder"), tr("empty class folders")),
        FindingKind.TOO_FEW: (tr("class with few pictures"), tr("classes with few pictures")),
        FindingKind.IMBALANCE: (tr("uneven class sizes"), tr("uneven class sizes")),
        FindingKind.UNREADABLE_FOLDER: (tr("unreadable folder"), tr("unreadable folders")),
        FindingKind.LINK_LOOP: (tr("link in a circle"), tr("links in a circle")),
        FindingKind.MISSING: (tr("missing file"), tr("missing files")),
        FindingKind.BAD_ROW: (tr("unusable row of a list"), tr("unusable rows of a list")),
        FindingKind.LEFT_OUT: (tr("folder left out"), tr("folders left out")),
    }


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
        return (self.tr("Finding"), self.tr("File"), self.tr("What it means"))[section]

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
