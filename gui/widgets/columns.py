"""Tables of which a column is one record: title, texts, sort key, alignment and width."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import escape
from typing import Any, Generic, Self, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gui.look.theme import GRID

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


# Without slots: those of a frozen dataclass and `Column[Row](…)` don't go together in Python 3.11.
@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """A column of a table; its functions get a row of the model.

    Attributes:
        title: Text of the header. A function, since the language is not known at import.
        text: Text of a cell.
        help: Tooltip of the header.
        tooltip: Tooltip of a cell, plain text; "" for none.
        icon: In front of a cell's text.
        sort_key: Value to sort by; by default the text.
        copied: A cell's text without marks, for the clipboard; by default the text.
        is_number: Whether it is aligned to the right.
        width: In pixels; 0 where the view decides.
        longest: A text that decides the width in place of `width`.
        is_stretched: Whether it takes the room that others leave.
    """

    title: Callable[[], str]
    text: Callable[[Row], str]
    help: Callable[[], str] | None = None
    tooltip: Callable[[Row], str] | None = None
    icon: Callable[[Row], QIcon | QPixmap | QColor | None] | None = None
    sort_key: Callable[[Row], Any] | None = None
    copied: Callable[[Row], str] | None = None
    is_number: bool = False
    width: int = 0
    longest: str = ""
    is_stretched: bool = False

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Of cells and header."""
        side = Qt.AlignmentFlag.AlignRight if self.is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    @property
    def order(self) -> Callable[[Row], Any]:
        """The function for the value to sort a row by."""
        return self.sort_key or self.text


class Columns(IntEnum):
    """Columns of a table in their order: each member is its position and has its record."""

    record: Column[Any]

    def __new__(cls, record: Column[Any]) -> Self:
        member = int.__new__(cls, len(cls.__members__))
        member._value_ = len(cls.__members__)
        member.record = record
        return member


class ColumnsModel(QAbstractTableModel, Generic[Row]):
    """A table of which a subclass names the columns.

    Attributes:
        columns: Of the table; the functions of their records get what `cells` returns.
    """

    SortRole = Qt.ItemDataRole.UserRole + 1
    """The value to sort by."""

    RowRole = Qt.ItemDataRole.UserRole + 2
    """The object that a row shows."""

    columns: type[Columns]

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Row] = ()
        self._records = tuple(column.record for column in self.columns)

    @property
    def rows(self) -> Sequence[Row]:
        """All rows."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def cells(self, row: Row) -> Any:
        """Return a row with all that its cells need; by default the row alone."""
        return row

    # Qt's own methods.

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._records)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        column = self._records[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title()
            case Qt.ItemDataRole.ToolTipRole if column.help is not None:
                return _tooltip(column.help())
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], self._records[index.column()]
        if role == self.RowRole:
            return row
        cells = self.cells(row)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(cells)
            case Qt.ItemDataRole.EditRole:
                return (column.copied or column.text)(cells)
            case Qt.ItemDataRole.ToolTipRole if column.tooltip is not None:
                return _tooltip(column.tooltip(cells))
            case Qt.ItemDataRole.DecorationRole if column.icon is not None:
                return column.icon(cells)
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.alignment
            case self.SortRole:
                return column.order(cells)
        return None


def set_up_table(
    table: QTableView,
    model: QAbstractItemModel,
    columns: type[Columns],
    *,
    row_height: int = 4 * GRID,
) -> None:
    """Make a table of rows that can be sorted and selected, unsorted at first.

    Args:
        model: Whose columns are those of `columns`.
    """
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSortingEnabled(True)
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(row_height)
    table.horizontalHeader().setHighlightSections(False)
    set_widths(table, columns)


def set_widths(table: QTableView, columns: type[Columns]) -> None:
    """Give the columns of a table the widths of their records."""
    for column in columns:
        record = column.record
        width = record.width
        if record.longest:
            table.ensurePolished()  # its font comes with the style
            width = table.fontMetrics().horizontalAdvance(record.longest) + 3 * GRID
        if width:
            table.setColumnWidth(column, width)
        if record.is_stretched:
            table.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)


def _tooltip(text: str) -> str | None:
    """Return a tooltip whose lines are wrapped, which Qt does for HTML alone."""
    lines = escape(text).replace("\n", "<br>")
    return f"<p>{lines}</p>" if text else None
