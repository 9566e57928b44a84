"""Filters and sorts the list of backbones."""

from typing import Any

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from gui.backbones.backbone_row import BackboneRow
from gui.backbones.backbone_table_model import BackboneTableModel


class BackboneFilter(QSortFilterProxyModel):
    """Shows backbones that pass all filters; sorts unknown values to the end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._family: str | None = None
        self._only_here = False
        self._most_bytes: int | None = None
        self._most_work: float | None = None
        self.setSortRole(BackboneTableModel.SortRole)

    def set_text(self, text: str) -> None:
        """Show backbones whose title, name, handle, family or advice contain all words."""
        self._words = text.casefold().split()
        self.invalidate()

    def set_family(self, family: str | None) -> None:
        """Show one family, "" for those without one; None for all."""
        self._family = family
        self.invalidate()

    def set_only_here(self, only_here: bool) -> None:
        """Show only backbones on this computer."""
        self._only_here = only_here
        self.invalidate()

    def set_most_bytes(self, most: int | None) -> None:
        """Set the largest size to show, in bytes; None for any size."""
        self._most_bytes = most
        self.invalidate()

    def set_most_work(self, factor: float | None) -> None:
        """Show only backbones up to a multiple of the built-in one's multiply-adds."""
        self._most_work = factor
        self.invalidate()

    def row(self, index: QModelIndex | QPersistentModelIndex) -> BackboneRow:
        """Return the backbone in a row of this model."""
        row = index.data(BackboneTableModel.RowRole)
        assert isinstance(row, BackboneRow)
        return row

    def index_of(self, name: str) -> QModelIndex:
        """Return the index of a backbone; an invalid one if it isn't shown."""
        model = self._table()
        row = model.row_of(name)
        return QModelIndex() if row is None else self.mapFromSource(model.index(row, 0))

    def _table(self) -> BackboneTableModel:
        model = self.sourceModel()
        assert isinstance(model, BackboneTableModel)
        return model

    def _accepts(self, model: BackboneTableModel, row: BackboneRow) -> bool:
        if self._only_here and not row.is_here:
            return False
        if self._family is not None and row.family != self._family:
            return False
        size = row.shown_bytes
        if self._most_bytes is not None and (size is None or size > self._most_bytes):
            return False
        factor = model.relative_work(row)
        # Compared as displayed, with one decimal.
        if self._most_work is not None and (factor is None or round(factor, 1) > self._most_work):
            return False
        parts = (row.title, row.name, row.handle, row.family, row.advice)
        text = " ".join(parts).casefold()
        return all(word in text for word in self._words)

    # Qt's own methods.

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        model = self.sourceModel()
        return not isinstance(model, BackboneTableModel) or self._accepts(model, model.rows[row])

    def lessThan(
        self, left: QModelIndex | QPersistentModelIndex, right: QModelIndex | QPersistentModelIndex
    ) -> bool:
        first: Any = left.data(BackboneTableModel.SortRole)
        second: Any = right.data(BackboneTableModel.SortRole)
        is_ascending = self.sortOrder() is Qt.SortOrder.AscendingOrder
        if first is None or second is None:
            is_last_known = first is not None and second is None
            return is_last_known if is_ascending else first is None and second is not None
        return bool(first < second)
