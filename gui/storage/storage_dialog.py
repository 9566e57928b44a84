"""The window that shows how much disk space Fieldguide uses, and frees it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSortFilterProxyModel, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import data_size
from gui.storage.storage_model import StorageColumn, StorageKind, StorageModel, StorageRow
from gui.widgets.banner import Banner, Severity
from gui.widgets.buttons import push_button
from gui.widgets.columns import set_up_table
from gui.widgets.confirmation import ask_to_confirm
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel, plain_tooltip

_SIZE = (104 * GRID, 64 * GRID)


class StorageDialog(QDialog):
    """Emits what the user wants removed; a controller removes it. Not modal.

    Signals:
        clear_requested: A `StorageRow`; the user has confirmed.
        refresh_requested: Calculate the sizes again.
    """

    clear_requested = Signal(StorageRow)
    refresh_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Storage dialog")
        self.setWindowTitle(tr("Storage"))
        self.resize(*_SIZE)
        self._blocked, self._is_busy = "", False
        self._model = StorageModel(self)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._model)
        self._shown.setSortRole(StorageModel.SortRole)
        self.banner = Banner()
        self.table = self._make_table()
        self._total = PlainLabel(tr("Calculating…"))
        self._total.setObjectName("Total")
        self._total.setProperty("role", "heading")
        self._folder = ElidedLabel()
        self._folder.setProperty("role", "help")
        self.clear = push_button(tr("Remove…"), self._on_clear_clicked, "trash-2")
        self.refresh = push_button(tr("Recalculate"), self.refresh_requested, "refresh-cw")
        self._close = push_button(tr("Close"), self.reject)
        self._lay_out()
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self._close.setDefault(True)
        again = QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self)
        again.activated.connect(self.refresh_requested)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self)
        delete.activated.connect(self.clear.click)
        self._show_buttons()

    def present(self) -> None:
        """Show the window in front."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus()

    def set_rows(self, rows: Sequence[StorageRow]) -> None:
        """Show other rows; the selected one stays selected."""
        current = self.current()
        self._model.set_rows(rows)
        total = data_size(sum(row.size_bytes for row in rows if row.is_removable))
        self._total.setText(tr("%1 can be freed", total))
        self._select(current)
        self._show_buttons()

    def set_busy(self, is_busy: bool) -> None:
        """Set whether sizes are being calculated or something is being removed."""
        self._is_busy = is_busy
        self._show_buttons()

    def set_blocked(self, reason: str) -> None:
        """Show why nothing can be removed now; "" if something can."""
        self._blocked = reason
        self._show_buttons()

    def show_failure(self, message: str, details: str) -> None:
        """Show why something failed; see `Banner.show_message`."""
        self.banner.show_message(Severity.DANGER, message, details=details)

    def clear_message(self) -> None:
        """Remove the message above the list."""
        self.banner.clear()

    def current(self) -> StorageRow | None:
        """Return the selected row; None if there is none."""
        index = self.table.currentIndex()
        row = index.data(StorageModel.RowRole) if index.isValid() else None
        return row if isinstance(row, StorageRow) else None

    def select(self, name: str) -> None:
        """Select a row by its name."""
        for row in self._model.rows:
            if row.name == name:
                self._select(row)

    def total(self) -> str:
        """Return the text about all rows together."""
        return self._total.text()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("Storage")
        table.setAccessibleName(tr("Disk space used"))
        set_up_table(table, self._shown, StorageColumn)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setStyleSheet(f"QTableView::item {{ padding: 0 {GRID // 2}px; }}")
        table.selectionModel().currentRowChanged.connect(self._on_current_changed)
        return table

    def _lay_out(self) -> None:
        promise = PlainLabel(
            tr(
                "Caches and backbones can be created or downloaded again. Your pictures, "
                "projects and trained models are never removed here."
            )
        )
        promise.setProperty("role", "help")
        promise.setWordWrap(True)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        for part in (self.clear, self.refresh):
            bottom.addWidget(part)
        bottom.addStretch(1)
        bottom.addWidget(self._total)
        bottom.addSpacing(GRID)
        bottom.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(promise)
        layout.addWidget(self.banner)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._folder)
        layout.addLayout(bottom)

    def _select(self, wanted: StorageRow | None) -> None:
        names = [(row.kind, row.name) for row in self._model.rows]
        found = wanted is not None and (wanted.kind, wanted.name) in names
        number = names.index((wanted.kind, wanted.name)) if wanted is not None and found else 0
        index = self._shown.mapFromSource(self._model.index(number, 0))
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _show_buttons(self) -> None:
        row = self.current()
        is_backbone = row is not None and row.kind is StorageKind.BACKBONE
        self.clear.setText(tr("Remove…") if is_backbone else tr("Clear…"))
        reason = self._blocked
        if row is not None and not row.is_removable:
            reason = _reason_to_keep(row)
        can_clear = row is not None and row.size_bytes > 0 and not reason and not self._is_busy
        self.clear.setEnabled(can_clear)
        self.clear.setToolTip(plain_tooltip(reason))
        self.refresh.setEnabled(not self._is_busy)
        self._folder.setText(reason or (str(row.folder) if row is not None else ""))

    def _on_current_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self._show_buttons()

    def _on_clear_clicked(self) -> None:
        row = self.current()
        if row is None:
            return
        is_backbone = row.kind is StorageKind.BACKBONE
        remove, clear = tr("Remove “%1”?", row.title), tr("Clear “%1”?", row.title)
        freed = tr("This frees %1.", data_size(row.size_bytes))
        ask_to_confirm(
            self,
            name="Clear storage",
            title=tr("Storage"),
            question=remove if is_backbone else clear,
            explanation=f"{freed} {row.consequence}",
            confirm=tr("Remove") if is_backbone else tr("Clear"),
            refuse=tr("Keep"),
            on_confirmed=partial(self.clear_requested.emit, row),
        )


def _reason_to_keep(row: StorageRow) -> str:
    if row.kind is StorageKind.PROJECTS:
        return row.consequence
    return tr("It is part of Fieldguide and can’t be removed.")
