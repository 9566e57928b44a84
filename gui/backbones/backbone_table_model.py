"""The backbones of the catalogue and of this computer, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QPixmap

from core.settings.config import DEFAULT_BACKBONE
from gui.backbones.backbone_row import BackboneRow
from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr
from gui.look.wording import compact, data_size, percent, size_in_pixels, times
from gui.widgets.columns import Column, Columns, ColumnsModel, Index

_SIGN = 16
_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class BackboneCells:
    """A backbone as its row shows it.

    Attributes:
        is_chosen: Whether the settings name it.
        relative_work: See `BackboneTableModel.relative_work`.
    """

    row: BackboneRow
    is_chosen: bool
    relative_work: float | None


def _title(cells: BackboneCells) -> str:
    title = " ".join(shown(cells.row.title).split())
    return tr("%1 (in use)", title) if cells.is_chosen else title


def _names(cells: BackboneCells) -> str:
    row = cells.row
    return "\n".join(filter(None, (shown(row.title), row.name, shown(row.advice))))


def _multiply_adds(cells: BackboneCells) -> str:
    return compact(cells.row.multiply_adds) if cells.row.multiply_adds else _UNKNOWN


def _top1(cells: BackboneCells) -> str:
    top1 = cells.row.imagenet_top1
    return _UNKNOWN if top1 is None else percent(top1)


def _top1_source(cells: BackboneCells) -> str:
    source = cells.row.imagenet_top1_source
    return tr("Source: %1", source) if source else _or_unknown(_top1(cells))


def _size(cells: BackboneCells) -> str:
    if not cells.row.shown_bytes:
        return _UNKNOWN
    size = data_size(cells.row.shown_bytes)
    return tr("≈ %1", size) if cells.row.is_size_estimated else size


def _here(cells: BackboneCells) -> str:
    row = cells.row
    if row.is_embedded:
        return tr("Built in")
    if row.is_tf1 and not row.is_here:
        return tr("TF1 only")
    return tr("Yes") if row.is_here else tr("No")


def _here_in_full(cells: BackboneCells) -> str:
    if cells.row.is_tf1 and not cells.row.is_here:
        return tr("Published in the old TF1 format only, which can’t be used.")
    return _here(cells)


def _here_order(cells: BackboneCells) -> int:
    if cells.row.is_here:
        return 0 if cells.row.is_embedded else 1
    return 3 if cells.row.is_tf1 else 2


def _here_icon(cells: BackboneCells) -> QPixmap | None:
    if not cells.row.is_here:
        return None
    return icon("circle-check", IconColor.ACCENT).pixmap(_SIGN, _SIGN)


def _work(cells: BackboneCells) -> str:
    factor = cells.relative_work
    return _UNKNOWN if factor is None else tr("%1×", times(factor))


def _work_in_full(cells: BackboneCells) -> str:
    factor = cells.relative_work
    if factor is None:
        return tr("not known")
    return tr("%1× the multiply-adds of the default backbone", times(factor))


def _or_unknown(text: str) -> str:
    return tr("not known") if text == _UNKNOWN else text


_Column = Column[BackboneCells]


class BackboneColumn(Columns):
    """Columns, the name first."""

    TITLE = _Column(
        title=lambda: tr("Backbone"),
        help=lambda: tr("Name of the backbone. The one in the settings is marked."),
        text=_title,
        tooltip=_names,
        sort_key=lambda cells: cells.row.title.casefold(),
        is_stretched=True,
    )
    INPUT_SIZE = _Column(
        title=lambda: tr("Input\nsize"),
        help=lambda: tr("Pictures are scaled to this size, width × height in pixels."),
        text=lambda cells: size_in_pixels(cells.row.input_size),
        tooltip=lambda cells: size_in_pixels(cells.row.input_size),
        sort_key=lambda cells: cells.row.input_size[0] * cells.row.input_size[1],
        is_number=True,
        width=76,
    )
    PARAMETERS = _Column(
        title=lambda: tr("Para-\nmeters"),
        help=lambda: tr("Weights without the classification layer, in millions (M)."),
        text=lambda cells: compact(cells.row.parameters),
        tooltip=lambda cells: compact(cells.row.parameters),
        sort_key=lambda cells: cells.row.parameters,
        is_number=True,
        width=64,
    )
    MULTIPLY_ADDS = _Column(
        title=lambda: tr("Multiply-\nadds"),
        help=lambda: tr(
            "Multiplications and additions for one picture, in millions (M) or billions (G)."
        ),
        text=_multiply_adds,
        tooltip=lambda cells: _or_unknown(_multiply_adds(cells)),
        sort_key=lambda cells: cells.row.multiply_adds,
        is_number=True,
        width=80,
    )
    TOP1 = _Column(
        title=lambda: tr("Top-1\n(ImageNet)"),
        help=lambda: tr(
            "Published accuracy on ImageNet. Figures of different families come from different "
            "trainings."
        ),
        text=_top1,
        tooltip=_top1_source,
        sort_key=lambda cells: cells.row.imagenet_top1,
        is_number=True,
        width=90,
    )
    SIZE = _Column(
        title=lambda: tr("Size"),
        help=lambda: tr(
            "Size on this computer, or of the download. ≈ marks an estimate from the weights."
        ),
        text=_size,
        tooltip=lambda cells: _or_unknown(_size(cells)),
        sort_key=lambda cells: cells.row.shown_bytes,
        is_number=True,
        # The longest that a size gets, unless it is of gigabytes.
        longest="≈ 888.8 MB",
    )
    HERE = _Column(
        title=lambda: tr("On this\ncomputer"),
        help=lambda: tr("Whether the backbone can be used without a download."),
        text=_here,
        tooltip=_here_in_full,
        icon=_here_icon,
        sort_key=_here_order,
        width=80,
    )
    WORK = _Column(
        title=lambda: tr("Relative\nwork"),
        help=lambda: tr(
            "Multiply-adds for a picture, compared with the default backbone. More of them take "
            "longer, but not in proportion."
        ),
        text=_work,
        tooltip=_work_in_full,
        sort_key=lambda cells: cells.relative_work,
        is_number=True,
        width=68,
    )


class BackboneTableModel(ColumnsModel[BackboneRow]):
    """A row a backbone. Work is relative to the default one's, by multiply-adds.

    The value to sort by is None for what isn't known.
    """

    columns = BackboneColumn

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = ""
        self._yardstick: int | None = None

    def set_rows(self, rows: Sequence[BackboneRow]) -> None:
        """Show other backbones."""
        known = {row.name: row.multiply_adds for row in rows}
        self._yardstick = known.get(DEFAULT_BACKBONE) or None
        super().set_rows(rows)

    def set_chosen(self, name: str) -> None:
        """Mark the backbone that the settings name."""
        self._chosen = name
        if self.rows:
            last = self.index(len(self.rows) - 1, BackboneColumn.TITLE)
            self.dataChanged.emit(self.index(0, BackboneColumn.TITLE), last)

    def row_of(self, name: str) -> int | None:
        """Return the number of a backbone's row."""
        for number, row in enumerate(self.rows):
            if row.name == name:
                return number
        return None

    def relative_work(self, row: BackboneRow) -> float | None:
        """Return a backbone's multiply-adds for an image, relative to the default one's."""
        if not row.multiply_adds or self._yardstick is None:
            return None
        return row.multiply_adds / self._yardstick

    def cells(self, row: BackboneRow) -> BackboneCells:
        return BackboneCells(row, row.name == self._chosen, self.relative_work(row))

    # Qt's own methods.

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role == Qt.ItemDataRole.AccessibleTextRole:
            column = list(self.columns)[index.column()].record
            assert column.tooltip is not None, "all of these columns have one"
            text = column.tooltip(self.cells(self.rows[index.row()]))
            return f"{column.title()}: {text}".replace("\n", " ")
        return super().data(index, role)
