"""The table of exports."""

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportTarget
from gui.export.export_table_model import ExportColumn, ExportTableModel
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.columns import Index, set_widths


class ExportTable(QTableView):
    """Can be sorted by every column; the selected export stays selected.

    Args:
        model: The rows.

    Signals:
        current_changed: The `ArtifactResult` to show, or None.
    """

    current_changed = Signal(object)

    def __init__(self, model: ExportTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._wanted: ExportTarget | None = None
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(model)
        self._shown.setSortRole(ExportTableModel.SortRole)
        self.setModel(self._shown)
        self.setObjectName("Exports")
        self.setAccessibleName(tr("Verification of the exports"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setStyleSheet(
            f"QTableView::item {{ padding: 0 {GRID // 2}px; }}"
            f"QHeaderView::section {{ padding: 6px {GRID // 2}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
        )
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_TabularDigits(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(4 * GRID)
        header = _NarrowHeader(Qt.Orientation.Horizontal, self)
        self.setHorizontalHeader(header)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(6 * GRID)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        set_widths(self, ExportColumn)
        self.setSortingEnabled(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        model.modelReset.connect(self._on_model_reset)

    def current(self) -> ArtifactResult | None:
        """Return the selected export."""
        index = self.currentIndex()
        found = index.data(ExportTableModel.RowRole) if index.isValid() else None
        return found if isinstance(found, ArtifactResult) else None

    def select(self, target: ExportTarget) -> None:
        """Select an export, at once or when it comes."""
        self._wanted = target
        for row, result in enumerate(self._model.rows):
            if result.target == target:
                index = self._shown.mapFromSource(self._model.index(row, 0))
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
                self.scrollTo(index)

    def _on_model_reset(self) -> None:
        results = self._model.rows
        targets = [result.target for result in results]
        if self._wanted in targets and self._wanted is not None:
            self.select(self._wanted)
        elif targets:
            self.select(targets[0])
        self.current_changed.emit(self.current())

    def _on_row_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        result = self.current() if current.isValid() else None
        if result is not None:
            self._wanted = result.target
        self.current_changed.emit(result)


class _NarrowHeader(QHeaderView):
    """Keeps room for the mark of the order in the column that has it, not in all."""

    def __init__(self, orientation: Qt.Orientation, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.sortIndicatorChanged.connect(self._on_order_changed)

    def _on_order_changed(self, _section: int, _order: Qt.SortOrder) -> None:
        self.resizeSections(QHeaderView.ResizeMode.ResizeToContents)

    # Qt's own methods.

    def sectionSizeFromContents(self, section: int) -> QSize:
        size = super().sectionSizeFromContents(section)
        if section != self.sortIndicatorSection():
            text = self.model().headerData(section, self.orientation())
            font = self.font()
            font.setBold(True)
            size.setWidth(QFontMetrics(font).horizontalAdvance(str(text)) + 2 * GRID)
        return size


class _TabularDigits(QStyledItemDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.font.setFeature(QFont.Tag("tnum"), 1)
