"""The backbones of the catalogue and of this computer, as a table."""

from collections.abc import Sequence
from enum import IntEnum
from html import escape
from typing import Any, assert_never

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gui.backbones.backbone_row import BackboneRow
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.wording import compact, data_size, percent, size_in_pixels, times

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SIGN = 16
_UNKNOWN = "–"


class BackboneColumn(IntEnum):
    """What a column shows."""

    TITLE = 0
    INPUT_SIZE = 1
    PARAMETERS = 2
    MULTIPLY_ADDS = 3
    TOP1 = 4
    SIZE = 5
    HERE = 6
    WORK = 7


_NUMBERS = set(BackboneColumn) - {BackboneColumn.TITLE, BackboneColumn.HERE}


class BackboneTableModel(QAbstractTableModel):
    """A row a backbone. Work is relative to the embedded one's, by multiply-adds."""

    SortRole = Qt.ItemDataRole.UserRole + 1
    """The value to sort by; None for what isn't known."""

    RowRole = Qt.ItemDataRole.UserRole + 2
    """The `BackboneRow`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[BackboneRow, ...] = ()
        self._chosen = ""
        self._yardstick: int | None = None

    @property
    def rows(self) -> tuple[BackboneRow, ...]:
        """All backbones."""
        return self._rows

    def set_rows(self, rows: Sequence[BackboneRow]) -> None:
        """Show other backbones."""
        self.beginResetModel()
        self._rows = tuple(rows)
        known = [row.multiply_adds for row in rows if row.is_embedded and row.multiply_adds]
        self._yardstick = known[0] if known else None
        self.endResetModel()

    def set_chosen(self, name: str) -> None:
        """Mark the backbone that the settings name."""
        self._chosen = name
        if self._rows:
            last = self.index(len(self._rows) - 1, BackboneColumn.TITLE)
            self.dataChanged.emit(self.index(0, BackboneColumn.TITLE), last)

    def row_of(self, name: str) -> int | None:
        """Where a backbone stands."""
        for number, row in enumerate(self._rows):
            if row.name == name:
                return number
        return None

    def relative_work(self, row: BackboneRow) -> float | None:
        """How many times the embedded backbone's multiply-adds it takes for a picture."""
        if not row.multiply_adds or self._yardstick is None:
            return None
        return row.multiply_adds / self._yardstick

    # Qt's own methods.

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(BackboneColumn)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], BackboneColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<p>{escape(self._tooltip(row, column))}</p>"
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DecorationRole and column is BackboneColumn.HERE and row.is_here:
            return icon("circle-check", IconColor.ACCENT).pixmap(_SIGN, _SIGN)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._heads()[column]}: {self._tooltip(row, column)}".replace("\n", " ")
        if role == self.SortRole:
            return self._sort_value(row, column)
        if role == self.RowRole:
            return row
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if section in _NUMBERS:
                side = Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<p>{escape(self._explanations()[section])}</p>"
        if role == Qt.ItemDataRole.DisplayRole:
            return self._heads()[section]
        return None

    def _heads(self) -> tuple[str, ...]:
        return (
            tr("Backbone"),
            tr("Input\nsize"),
            tr("Para-\nmeters"),
            tr("Multiply-\nadds"),
            tr("Top-1\n(ImageNet)"),
            tr("Size"),
            tr("On this\ncomputer"),
            tr("Relative\nwork"),
        )

    def _explanations(self) -> tuple[str, ...]:
        return (
            tr("The backbone; the one that the settings name is marked."),
            tr("Pictures are scaled to this size, width × height in pixels."),
            tr("Weights without the classification layer, in millions (M)."),
            tr("Multiplications and additions for one picture, in millions or billions."),
            tr(
                "Published share of right answers on ImageNet. Figures of different families come "
                "from different trainings."
            ),
            tr("Size on this computer, or of the download; ≈ if estimated from the weights."),
            tr("Whether it can be used without a download."),
            tr(
                "Multiply-adds for a picture compared with the built-in backbone's. The time goes "
                "with them, but not in step."
            ),
        )

    def _text(self, row: BackboneRow, column: BackboneColumn) -> str:
        match column:
            case BackboneColumn.TITLE:
                mark = tr("%1 (in use)") if row.name == self._chosen else "%1"
                return mark.replace("%1", " ".join(row.title.split()))
            case BackboneColumn.INPUT_SIZE:
                return size_in_pixels(row.input_size)
            case BackboneColumn.PARAMETERS:
                return compact(row.parameters)
            case BackboneColumn.MULTIPLY_ADDS:
                return compact(row.multiply_adds) if row.multiply_adds else _UNKNOWN
            case BackboneColumn.TOP1:
                known = row.imagenet_top1 is not None
                return percent(row.imagenet_top1 or 0.0) if known else _UNKNOWN
            case BackboneColumn.SIZE:
                if not row.shown_bytes:
                    return _UNKNOWN
                size = data_size(row.shown_bytes)
                return tr("≈ %1", size) if row.is_size_estimated else size
            case BackboneColumn.HERE:
                if row.is_embedded:
                    return tr("Built in")
                if row.is_tf1 and not row.is_here:
                    return tr("TF1 only")
                return tr("Yes") if row.is_here else tr("No")
            case BackboneColumn.WORK:
                factor = self.relative_work(row)
                if factor is None:
                    return _UNKNOWN
                return tr("%1×", times(factor))
            case _:
                assert_never(column)

    def _tooltip(self, row: BackboneRow, column: BackboneColumn) -> str:
        if column is BackboneColumn.TITLE:
            return "\n".join(filter(None, (row.title, row.name, row.advice)))
        if column is BackboneColumn.TOP1 and row.imagenet_top1_source:
            return tr("Source: %1", row.imagenet_top1_source)
        if column is BackboneColumn.HERE and row.is_tf1 and not row.is_here:
            return tr("Published in the old TF1 format only, which can’t be used.")
        factor = self.relative_work(row)
        if column is BackboneColumn.WORK and factor is not None:
            text = tr("%1× the multiply-adds of the built-in backbone")
            return text.replace("%1", times(factor))
        text = self._text(row, column)
        return tr("not known") if text == _UNKNOWN else text

    def _sort_value(self, row: BackboneRow, column: BackboneColumn) -> str | float | None:
        match column:
            case BackboneColumn.TITLE:
                return row.title.casefold()
            case BackboneColumn.INPUT_SIZE:
                return row.input_size[0] * row.input_size[1]
            case BackboneColumn.PARAMETERS:
                return row.parameters
            case BackboneColumn.MULTIPLY_ADDS:
                return row.multiply_adds
            case BackboneColumn.TOP1:
                return row.imagenet_top1
            case BackboneColumn.SIZE:
                return row.shown_bytes
            case BackboneColumn.HERE:
                if row.is_here:
                    return 0 if row.is_embedded else 1
                return 3 if row.is_tf1 else 2
            case BackboneColumn.WORK:
                return self.relative_work(row)
            case _:
                assert_never(column)
