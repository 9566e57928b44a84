"""The page Runs: the table, and what can be done with the chosen trainings."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.look.icons import icon
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import data_size
from gui.runs.runs_model import RunColumn, RunRow, RunsModel
from gui.widgets.banner import Banner
from gui.widgets.columns import set_up_table
from gui.widgets.empty_state import EmptyState
from gui.widgets.plain_text import PlainLabel

_SEARCH_WIDTH = 26 * GRID
_BUTTONS_A_LINE = 7


class RunsPage(QWidget):
    """Show the runs of the open project.

    Signals:
        action_requested: Name of an action, and the `RunRow`s to do it with; see `ACTIONS`.
        train_requested: Go to the page Train; there are no runs yet.
    """

    action_requested = Signal(str, list)
    train_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.model = RunsModel(self)
        self._filter = _RunFilter(self)
        self._filter.setSourceModel(self.model)
        self._filter.setSortRole(RunsModel.SortRole)
        self.table = QTableView()
        self.table.setObjectName("Runs")
        self.table.setAccessibleName(tr("Runs"))
        set_up_table(self.table, self._filter, RunColumn)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.table.activated.connect(lambda _index: self._request("results"))
        self.table.selectionModel().selectionChanged.connect(self._show_buttons)
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search runs"))
        self._search.setAccessibleName(tr("Search runs"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(_SEARCH_WIDTH)
        self._search.textChanged.connect(self._filter.set_text)
        self._count = PlainLabel()
        self._count.setProperty("role", "help")
        self._hint = PlainLabel()
        self._hint.setProperty("role", "help")
        self._buttons = {
            name: self._button(name, text, icon_name)
            for name, text, icon_name in (
                ("results", tr("Results"), "chart-column"),
                ("compare", tr("Compare"), "git-compare"),
                ("report", tr("Report…"), "file-image"),
                ("classify", tr("Classify"), "scan-search"),
                ("export", tr("Export…"), "package-check"),
                ("resume", tr("Resume"), "rotate-ccw"),
                ("note", tr("Note…"), "file-text"),
                ("star", tr("Use as the project's model"), "star"),
                ("settings", tr("Restore settings"), "settings"),
                ("rename", tr("Rename…"), "pencil"),
                ("reveal", tr("Show folder"), "folder"),
                ("delete", tr("Delete"), "trash-2"),
            )
        }
        for keys, name in ((Qt.Key.Key_F2, "rename"), (Qt.Key.Key_Delete, "delete")):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda name=name: self._request(name))
        self._lay_out()
        self.set_rows([])

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Show other runs; the selected ones stay selected."""
        chosen = {row.summary.path for row in self.chosen()}
        self.model.set_rows(rows)
        for position, row in enumerate(self.model.rows):
            if row.summary.path in chosen:
                index = self._filter.mapFromSource(self.model.index(position, 0))
                flags = QItemSelectionModel.SelectionFlag.Select
                rows_too = QItemSelectionModel.SelectionFlag.Rows
                self.table.selectionModel().select(index, flags | rows_too)
        size = data_size(sum(row.summary.model_bytes for row in rows))
        count = tr_count("%n training(s)", "", len(rows))
        self._count.setText(tr("%1, models %2", count, size) if rows else "")
        self._stack.setCurrentIndex(0 if rows else 1)
        self._search.setVisible(bool(rows))
        self._show_buttons()

    def chosen(self) -> list[RunRow]:
        """Return the selected runs, in the table's order."""
        indexes = self.table.selectionModel().selectedRows()
        ordered = sorted(indexes, key=lambda index: index.row())
        return [index.data(RunsModel.RowRole) for index in ordered]

    def button(self, name: str) -> QPushButton:
        """Return the button of an action."""
        return self._buttons[name]

    def _request(self, name: str) -> None:
        rows = self.chosen()
        if rows and self._is_possible(name, rows):
            self.action_requested.emit(name, rows)

    def _button(self, name: str, text: str, icon_name: str) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setProperty("kind", "flat")
        button.setObjectName(f"Run {name}")
        button.setAccessibleName(text)
        button.clicked.connect(lambda _checked=False: self._request(name))
        return button

    def _is_possible(self, name: str, rows: Sequence[RunRow]) -> bool:
        """Return whether an action makes sense for the chosen runs."""
        if name == "delete":
            return bool(rows)
        if name in ("compare", "report"):
            fewest = 2 if name == "compare" else 1
            return len(rows) >= fewest and all(row.summary.has_model for row in rows)
        if len(rows) != 1:
            return False
        summary = rows[0].summary
        if name in ("results", "classify", "export", "star"):
            return summary.has_model
        return summary.can_resume if name == "resume" else True

    def _show_buttons(self) -> None:
        rows = self.chosen()
        for name, button in self._buttons.items():
            button.setEnabled(self._is_possible(name, rows))
        is_starred = len(rows) == 1 and rows[0].is_starred
        star = self._buttons["star"]
        star.setText(tr("Use the latest model") if is_starred else tr("Use as the project's model"))
        if len(rows) == 1:
            self._hint.setText(" ".join(rows[0].summary.note.split())[:200])
        else:
            self._hint.setText(tr("Choose two or more to compare them.") if not rows else "")

    def _on_menu_requested(self, point: QPoint) -> None:
        if not self.table.indexAt(point).isValid():
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for button in self._buttons.values():
            action = menu.addAction(button.icon(), button.text())
            action.setEnabled(button.isEnabled())
            action.triggered.connect(button.click)
        menu.popup(self.table.viewport().mapToGlobal(point))

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Runs"))
        title.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(2 * GRID)
        header.addWidget(title)
        header.addWidget(self._count)
        header.addStretch(1)
        header.addWidget(self._search)
        first, second = QHBoxLayout(), QHBoxLayout()
        for position, button in enumerate(self._buttons.values()):
            (first if position < _BUTTONS_A_LINE else second).addWidget(button)
        for line in (first, second):
            line.setSpacing(GRID)
            line.addStretch(1)
        filled = QWidget()
        below = QVBoxLayout(filled)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID // 2)
        below.addWidget(self.table, 1)
        below.addWidget(self._hint)
        below.addLayout(first)
        below.addLayout(second)
        self._stack = QStackedWidget()
        self._stack.addWidget(filled)
        self._stack.addWidget(
            EmptyState(
                "history",
                tr("No trainings yet"),
                tr(
                    "Each training of this project appears here with its settings and figures. "
                    "You can compare two of them, and choose whose model is used."
                ),
                ((tr("Go to Train"), self.train_requested.emit),),
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)


class _RunFilter(QSortFilterProxyModel):
    """Rows that hold a text in any of their columns or in their note."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""

    def set_text(self, text: str) -> None:
        """Choose the text."""
        self._text = text.strip().casefold()
        self.invalidate()

    # Qt's own methods.

    def filterAcceptsRow(self, source_row: int, _source_parent: object) -> bool:
        if not self._text:
            return True
        model = self.sourceModel()
        row: RunRow = model.index(source_row, 0).data(RunsModel.RowRole)
        texts = [model.index(source_row, column).data() for column in range(model.columnCount())]
        return self._text in " ".join((*texts, row.summary.note)).casefold()
