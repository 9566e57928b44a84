"""The table of backbones, and the placeholders for an empty one."""

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.backbones.backbone_filter import BackboneFilter
from gui.backbones.backbone_row import BackboneRow
from gui.backbones.backbone_table_model import BackboneColumn
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.columns import set_up_table
from gui.widgets.empty_state import EmptyState


class BackboneView(QStackedWidget):
    """Shows the rows that pass a filter; one can be selected.

    Args:
        shown: The rows.

    Signals:
        current_changed: The `BackboneRow` that is selected, or None.
        row_double_clicked: A `BackboneRow`.
        clear_requested: Reset the filters.
    """

    current_changed = Signal(object)
    row_double_clicked = Signal(object)
    clear_requested = Signal()

    def __init__(self, shown: BackboneFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self.table = self._make_table()
        self._loading = EmptyState("clock", tr("Loading backbones…"), "")
        self._nothing = EmptyState(
            "search",
            tr("No backbones match"),
            "",
            ((tr("Clear filters"), self.clear_requested.emit),),
        )
        for part in (self.table, self._loading, self._nothing):
            self.addWidget(part)
        self.setCurrentWidget(self._loading)

    def current(self) -> BackboneRow | None:
        """Return the selected row; None if there is none."""
        index = self.table.currentIndex()
        return self._shown.row(index) if index.isValid() else None

    def select(self, name: str) -> None:
        """Select a backbone, or the first one if that isn't shown."""
        index = self._shown.index_of(name)
        if not index.isValid():
            index = self._shown.index(0, 0)
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.table.scrollTo(index)

    def focus_table(self) -> None:
        """Give the table the keyboard focus."""
        self.table.setFocus()

    def show_matches(self) -> None:
        """Show the table, or that no backbones match; after filters or backbones have changed."""
        has_rows = self._shown.rowCount() > 0
        self.setCurrentWidget(self.table if has_rows else self._nothing)
        if has_rows and not self.table.currentIndex().isValid():
            self.select("")
        # A filter removes the selected row without a signal.
        self.current_changed.emit(self.current())

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("Backbones")
        table.setAccessibleName(tr("Backbones"))
        set_up_table(table, self._shown, BackboneColumn)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setItemDelegate(_RowDelegate(table))
        table.setStyleSheet(
            f"QTableView::item {{ padding: 0 {GRID // 2}px; }}"
            f"QHeaderView::section {{ padding: {GRID // 2}px {GRID - 1}px; }}"
        )
        table.horizontalHeader().setMinimumSectionSize(6 * GRID)
        table.selectionModel().currentRowChanged.connect(self._on_current_changed)
        table.doubleClicked.connect(self._on_double_clicked)
        return table

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self._shown.row(current) if current.isValid() else None)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.row_double_clicked.emit(self._shown.row(index))


class _RowDelegate(QStyledItemDelegate):
    """Digits of one width."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.font.setFeature(QFont.Tag("tnum"), 1)
        option.textElideMode = Qt.TextElideMode.ElideMiddle
