"""The page Runs: the table, and what can be done with the chosen trainings."""

from collections.abc import Sequence
from enum import StrEnum
from typing import assert_never

from PySide6.QtCore import QItemSelectionModel, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.runs.run_summary import RunSummary
from gui.look.icons import icon
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import data_size
from gui.runs.runs_model import RunColumn, RunRow, RunsModel
from gui.widgets.banner import Banner
from gui.widgets.buttons import show_menu_of
from gui.widgets.columns import set_up_table
from gui.widgets.empty_state import EmptyState
from gui.widgets.plain_text import PlainLabel

_SEARCH_WIDTH = 26 * GRID
_BUTTONS_A_LINE = 7


class RunAction(StrEnum):
    """What can be done with chosen runs."""

    RESULTS = "results"
    COMPARE = "compare"
    REPORT = "report"
    CLASSIFY = "classify"
    EXPORT = "export"
    RESUME = "resume"
    NOTE = "note"
    STAR = "star"
    SETTINGS = "settings"
    RENAME = "rename"
    REVEAL = "reveal"
    DELETE = "delete"

    def is_possible(self, runs: Sequence[RunSummary]) -> bool:
        """Return whether it can be done with some runs."""
        have_models = all(run.has_model for run in runs)
        match self:
            case RunAction.DELETE:
                return bool(runs)
            case RunAction.COMPARE:
                return len(runs) > 1 and have_models
            case RunAction.REPORT:
                return bool(runs) and have_models
            case RunAction.RESULTS | RunAction.CLASSIFY | RunAction.EXPORT | RunAction.STAR:
                return len(runs) == 1 and have_models
            case RunAction.RESUME:
                return len(runs) == 1 and runs[0].can_resume
            case RunAction.NOTE | RunAction.SETTINGS | RunAction.RENAME | RunAction.REVEAL:
                return len(runs) == 1
            case never:
                assert_never(never)


class RunsPage(QWidget):
    """Show the runs of the open project.

    Signals:
        action_requested: Value of a `RunAction`, and the `RunRow`s to do it with.
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
        self.table.activated.connect(lambda _index: self._request(RunAction.RESULTS))
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
                (RunAction.RESULTS, tr("Results"), "chart-column"),
                (RunAction.COMPARE, tr("Compare"), "git-compare"),
                (RunAction.REPORT, tr("Report…"), "file-image"),
                (RunAction.CLASSIFY, tr("Classify"), "scan-search"),
                (RunAction.EXPORT, tr("Export…"), "package-check"),
                (RunAction.RESUME, tr("Resume"), "rotate-ccw"),
                (RunAction.NOTE, tr("Note…"), "file-text"),
                (RunAction.STAR, tr("Use as the project's model"), "star"),
                (RunAction.SETTINGS, tr("Restore settings"), "settings"),
                (RunAction.RENAME, tr("Rename…"), "pencil"),
                (RunAction.REVEAL, tr("Show folder"), "folder"),
                (RunAction.DELETE, tr("Delete"), "trash-2"),
            )
        }
        for keys, name in (
            (Qt.Key.Key_F2, RunAction.RENAME),
            (Qt.Key.Key_Delete, RunAction.DELETE),
        ):
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

    def button(self, action: str) -> QPushButton:
        """Return the button of an action."""
        return self._buttons[RunAction(action)]

    def _request(self, action: RunAction) -> None:
        rows = self.chosen()
        if action.is_possible([row.summary for row in rows]):
            self.action_requested.emit(action.value, rows)

    def _button(self, name: RunAction, text: str, icon_name: str) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setProperty("kind", "flat")
        button.setObjectName(f"Run {name}")
        button.setAccessibleName(text)
        button.clicked.connect(lambda _checked=False: self._request(name))
        return button

    def _show_buttons(self) -> None:
        rows = self.chosen()
        summaries = [row.summary for row in rows]
        for action, button in self._buttons.items():
            button.setEnabled(action.is_possible(summaries))
        is_starred = len(rows) == 1 and rows[0].is_starred
        star = self._buttons[RunAction.STAR]
        star.setText(tr("Use the latest model") if is_starred else tr("Use as the project's model"))
        if len(rows) == 1:
            self._hint.setText(" ".join(rows[0].summary.note.split())[:200])
        else:
            self._hint.setText(tr("Choose two or more to compare them.") if not rows else "")

    def _on_menu_requested(self, point: QPoint) -> None:
        if self.table.indexAt(point).isValid():
            place = self.table.viewport().mapToGlobal(point)
            show_menu_of(self._buttons.values(), self, place)

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
