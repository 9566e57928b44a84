"""Figures of each class as a table."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.evaluation.metrics import LEAST_IMAGES, ClassMetrics
from gui.look.language import tr
from gui.look.theme import class_color
from gui.look.wording import number, percent
from gui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex


class ClassMetricsModel(QAbstractTableModel):
    """A row a class: pictures, precision, recall, F1; `EditRole` gives cells without marks."""

    CLASS, PICTURES, PRECISION, RECALL, F1 = range(5)
    SortRole = Qt.ItemDataRole.UserRole + 1

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: tuple[str, ...] = ()
        self._metrics: tuple[ClassMetrics, ...] = ()

    def set_rows(self, labels: Sequence[str], metrics: Sequence[ClassMetrics]) -> None:
        """Show other figures, one for each label."""
        self.beginResetModel()
        self._labels, self._metrics = tuple(labels), tuple(metrics)
        self.endResetModel()

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._labels)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            names = (tr("Class"), tr("Pictures"), tr("Precision"))
            return (*names, tr("Recall"), "F1")[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                tr("The class"),
                tr("Pictures of the class in this split"),
                tr("Fraction of pictures predicted as this class that are correct"),
                tr("Fraction of pictures of this class that are classified correctly"),
                tr("Precision and recall in one number, their harmonic mean"),
            )[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        value = self._value(index.row(), index.column())
        match role:
            case self.SortRole:
                return -1.0 if value is None else value
            case Qt.ItemDataRole.DisplayRole:
                return self._text(value, index.column()) + self._mark(index)
            case Qt.ItemDataRole.EditRole:
                return self._text(value, index.column())
            case Qt.ItemDataRole.ToolTipRole if index.column() == self.CLASS:
                return plain_tooltip(str(value))
            case Qt.ItemDataRole.ToolTipRole:
                return self._warning(self._metrics[index.row()])
            case Qt.ItemDataRole.DecorationRole if index.column() == self.CLASS:
                return class_color(index.row())
            case Qt.ItemDataRole.TextAlignmentRole if index.column() != self.CLASS:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _value(self, row: int, column: int) -> str | float | None:
        metrics = self._metrics[row]
        values = (metrics.num_images, metrics.precision, metrics.recall, metrics.f1)
        return (self._labels[row], *values)[column]

    def _mark(self, index: Index) -> str:
        """A word after the number of pictures that says that there are too few of them."""
        is_few = index.column() == self.PICTURES and self._metrics[index.row()].is_scarce
        return " " + tr("(few)") if is_few else ""

    def _warning(self, metrics: ClassMetrics) -> str | None:
        if metrics.is_scarce:
            text = tr(
                "Fewer than %1 pictures in this split, so the recall is a rough figure. Add more "
                "pictures of this class."
            )
            return text.replace("%1", str(LEAST_IMAGES))
        if not metrics.num_images:
            return tr(
                "No pictures in this split: the recall is not known, and balanced accuracy leaves "
                "the class out."
            )
        return None

    def _text(self, value: str | float | None, column: int) -> str:
        if column == self.CLASS:
            return str(value)
        if value is None:
            return "–"
        return number(int(value)) if column == self.PICTURES else percent(float(value))
