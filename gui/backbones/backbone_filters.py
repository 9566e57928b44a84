"""The filters above the list of backbones."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from gui.backbones.backbone_filter import BackboneFilter
from gui.backbones.backbone_row import BackboneRow
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.theme import GRID

_SIZES = (10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000)
_FACTORS = (1, 2, 4, 10, 20)
_SEARCH_WIDTH = 22 * GRID


class BackboneFilters(QWidget):
    """A search field, lists of families, sizes and amounts of work, and "on this computer".

    Args:
        shown: The model that is filtered.

    Signals:
        changed: A filter has changed.
    """

    changed = Signal()

    def __init__(self, shown: BackboneFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = shown
        self.search = QLineEdit()
        self.search.setObjectName("Search")
        self.search.setPlaceholderText(tr("Search backbones"))
        self.search.setAccessibleName(tr("Search backbones"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(_SEARCH_WIDTH)
        glass = QAction(icon("search", IconColor.MUTED), "", self.search)
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._family = self._make_list(tr("Family"), tr("All families"), 11)
        self._size = self._make_list(tr("Maximum size"), tr("Any size"), 10)
        for size in _SIZES:
            self._size.addItem(tr("Up to %1", _round_size(size)), size)
        self._work = self._make_list(tr("Maximum work"), tr("Any work"), 12)
        self._work.addItem(tr("As light as built-in"), _FACTORS[0])
        for factor in _FACTORS[1:]:
            self._work.addItem(tr("Up to %1× built-in", factor), factor)
        self._here = QCheckBox(tr("On this computer"))
        self._here.setToolTip(tr("Show only backbones that need no download"))
        self._lay_out()
        self.search.textChanged.connect(self._on_search_changed)
        self._family.currentIndexChanged.connect(self._on_list_changed)
        self._size.currentIndexChanged.connect(self._on_list_changed)
        self._work.currentIndexChanged.connect(self._on_list_changed)
        self._here.toggled.connect(self._on_here_toggled)

    def set_rows(self, rows: Sequence[BackboneRow]) -> None:
        """List the families of these backbones; the chosen one stays if it is among them."""
        chosen = self._family.currentData()
        self._family.blockSignals(True)
        while self._family.count() > 1:
            self._family.removeItem(1)
        families = {row.family for row in rows}
        for family in sorted(families - {""}, key=str.casefold):
            self._family.addItem(family, family)
        if "" in families:
            self._family.addItem(tr("Other families"), "")
        position = self._family.findData(chosen) if chosen is not None else 0
        self._family.setCurrentIndex(max(0, position))
        self._family.blockSignals(False)
        self._on_list_changed()

    def focus_search(self) -> None:
        """Give the search field the keyboard focus, with its text selected."""
        self.search.setFocus()
        self.search.selectAll()

    def clear(self) -> None:
        """Reset all filters."""
        self.search.clear()
        for box in (self._family, self._size, self._work):
            box.setCurrentIndex(0)
        self._here.setChecked(False)

    def _make_list(self, name: str, everything: str, width: int) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(width)
        box.addItem(everything, None)
        return box

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.search, 1)
        for part in (self._family, self._size, self._work, self._here):
            layout.addWidget(part)

    def _on_search_changed(self, text: str) -> None:
        self._shown.set_text(text)
        self.changed.emit()

    def _on_list_changed(self, _position: int = 0) -> None:
        self._shown.set_family(self._family.currentData())
        self._shown.set_most_bytes(self._size.currentData())
        self._shown.set_most_work(self._work.currentData())
        self.changed.emit()

    def _on_here_toggled(self, is_checked: bool) -> None:
        self._shown.set_only_here(is_checked)
        self.changed.emit()


def _round_size(size: int) -> str:
    return QLocale().formattedDataSize(size, 0, QLocale.DataSizeFormat.DataSizeSIFormat)
