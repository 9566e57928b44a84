"""The confusion matrix as a table: actual classes down, predicted classes across."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gui.look.language import tr_count
from gui.look.wording import number, percent
from gui.widgets.plain_text import plain_data

Index = QModelIndex | QPersistentModelIndex


class ConfusionMatrixModel(QAbstractTableModel):
    """Counts, or fractions of a row; a cell's fraction of its row decides its shade."""

    FractionRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._matrix: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._as_percent = False

    def set_matrix(self, labels: Sequence[str], matrix: NDArray[np.int64]) -> None:
        """Show another matrix, shape `(num_classes, num_classes)`."""
        self.beginResetModel()
        self._labels, self._matrix = tuple(labels), matrix
        self.endResetModel()

    def set_as_percent(self, as_percent: bool) -> None:
        """Show fractions of each row instead of counts."""
        self._as_percent = as_percent
        if self._labels:
            last = len(self._labels) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._labels)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._labels)

    def headerData(
        self, section: int, _orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return plain_data(self._labels[section], role)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        count = int(self._matrix[index.row(), index.column()])
        fraction = count / max(1, int(self._matrix[index.row()].sum()))
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return percent(fraction, 0) if self._as_percent else number(count)
            case self.FractionRole:
                return fraction
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                text = tr_count(
                    "%n picture(s) of class “%1” predicted as “%2”: %3 of the class",
                    "",
                    count,
                    self._labels[index.row()],
                    self._labels[index.column()],
                    percent(fraction),
                )
                return plain_data(text, role)
        return None
