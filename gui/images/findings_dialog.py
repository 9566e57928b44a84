"""The list of findings, with actions on them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelection, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.data.dataset import Finding
from gui.images.findings_model import FindingColumn, FindingsModel
from gui.look.language import shown, tr, tr_count
from gui.look.theme import GRID
from gui.widgets.columns import set_up_table
from gui.widgets.plain_text import PlainLabel

_TWO_LINES = 5 * GRID


class FindingsDialog(QDialog):
    """Show findings by kind; stays open while images are excluded.

    Signals:
        exclude_requested: Images to exclude from training.
        show_requested: An image to show in the grid.
    """

    exclude_requested = Signal(list)
    show_requested = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Image check"))
        self.resize(120 * GRID, 70 * GRID)
        self._findings: tuple[Finding, ...] = ()
        self._model = FindingsModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._kinds = QComboBox()
        self._kinds.setAccessibleDescription(tr("Type of finding to show"))
        self._kinds.currentIndexChanged.connect(self._on_kind_chosen)
        self._table = self._make_table()
        self._show = QPushButton(tr("Show in the grid"))
        self._show.clicked.connect(self._on_show_clicked)
        self._exclude = QPushButton(tr("Exclude from training"))
        self._exclude.clicked.connect(self._on_exclude_clicked)
        self._lay_out()
        self._on_selection_changed()

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Show other findings; the chosen kind stays while there are some of it."""
        self._findings = tuple(findings)
        chosen = self._kinds.currentData()
        self._kinds.blockSignals(True)
        self._kinds.clear()
        self._kinds.addItem(tr("All findings (%1)", len(findings)), None)
        for kind in dict.fromkeys(finding.kind for finding in findings):
            count = sum(finding.kind is kind for finding in findings)
            self._kinds.addItem(shown(kind.counted(count)), kind)
        self._kinds.setCurrentIndex(max(0, self._kinds.findData(chosen)))
        self._kinds.blockSignals(False)
        self._on_kind_chosen()

    def selected_findings(self) -> list[Finding]:
        """Return the findings in the selected rows."""
        rows = self._table.selectionModel().selectedRows()
        return [index.data(FindingsModel.RowRole) for index in rows]

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setAccessibleName(tr("Findings"))
        set_up_table(table, self._proxy, FindingColumn, row_height=_TWO_LINES)
        table.setWordWrap(True)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        return table

    def _lay_out(self) -> None:
        help_text = PlainLabel(
            tr(
                "Training skips unreadable files and pictures that are in two classes. Copies are "
                "kept together in one split. Files on disk are not changed."
            )
        )
        help_text.setProperty("role", "help")
        help_text.setWordWrap(True)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self._show)
        buttons.addWidget(self._exclude)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._kinds)
        layout.addWidget(self._table, 1)
        layout.addWidget(help_text)
        layout.addLayout(buttons)

    def _selected_paths(self) -> list[Path]:
        return [finding.path for finding in self.selected_findings() if finding.path is not None]

    def _on_kind_chosen(self, _index: int = 0) -> None:
        kind = self._kinds.currentData()
        shown = [finding for finding in self._findings if kind in (None, finding.kind)]
        self._model.set_rows(shown)
        self._on_selection_changed()

    def _on_selection_changed(
        self, _selected: QItemSelection | None = None, _deselected: QItemSelection | None = None
    ) -> None:
        paths = self._selected_paths()
        self._show.setEnabled(len(paths) == 1)
        self._exclude.setEnabled(bool(paths))
        text = tr_count("Exclude %n picture(s)", "", len(paths))
        self._exclude.setText(text if paths else tr("Exclude from training"))

    def _on_show_clicked(self) -> None:
        self.show_requested.emit(self._selected_paths()[0])

    def _on_exclude_clicked(self) -> None:
        self.exclude_requested.emit(self._selected_paths())
