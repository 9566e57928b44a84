"""The table of metrics of each class."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.look.language import tr
from gui.look.theme import GRID
from gui.results.class_metrics_model import ClassMetricsColumn, ClassMetricsModel
from gui.widgets.columns import set_widths


class ClassMetricsTable(QTableView):
    """Sortable by every column; selecting a row chooses a class.

    Args:
        metrics: The rows.

    Signals:
        class_chosen: Its label.
    """

    class_chosen = Signal(str)

    def __init__(self, metrics: ClassMetricsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metrics = metrics
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(metrics)
        self._shown.setSortRole(ClassMetricsModel.SortRole)
        self.setModel(self._shown)
        self.setObjectName("Class table")
        self.setAccessibleName(tr("Metrics of each class"))
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(4 * GRID)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(6 * GRID)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        set_widths(self, ClassMetricsColumn)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def text(self) -> str:
        """Return all rows in the order of the classes, separated by tabs for spreadsheets."""
        model = self._metrics
        columns = range(model.columnCount())
        across, role = Qt.Orientation.Horizontal, Qt.ItemDataRole.EditRole
        lines = ["\t".join(str(model.headerData(column, across)) for column in columns)]
        for row in range(model.rowCount()):
            cells = [str(model.index(row, column).data(role)) for column in columns]
            lines.append("\t".join(cells))
        return "\n".join(lines) + "\n"

    def _on_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.class_chosen.emit(current.data(ClassMetricsModel.RowRole).label)
