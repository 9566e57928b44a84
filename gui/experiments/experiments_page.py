"""The page Experiments: those of the project, and what each shows."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.experiments.experiment import Experiment, State
from gui.experiments.experiment_progress import ExperimentProgress
from gui.experiments.experiment_view import ExperimentView
from gui.experiments.groups_model import GroupColumn, GroupsModel, make_rows
from gui.experiments.progress_panel import ProgressPanel
from gui.look.icons import icon
from gui.look.language import shown, tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import moment
from gui.widgets.banner import Banner
from gui.widgets.columns import set_up_table
from gui.widgets.empty_state import EmptyState
from gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from gui.experiments.experiment_plot import ExperimentPlot

_LIST_WIDTH = 30 * GRID
_ITEM_HEIGHT = 6 * GRID
_ROW_HEIGHT = 4 * GRID
_FEWEST_ROWS, _MOST_ROWS = 2, 6
_FolderRole = Qt.ItemDataRole.UserRole


class ExperimentsPage(QWidget):
    """Show the experiments of the open project, and one of them.

    Attributes:
        progress: How far the one is that is being carried out.

    Signals:
        try_requested: Ask what to try.
        chosen: Show the experiment in a folder.
        pause_requested: Pause the experiment, or continue it.
        stop_requested: Stop the experiment; it can be resumed.
        resume_requested: Carry out the rest of the experiment in a folder.
    """

    try_requested = Signal()
    chosen = Signal(Path)
    pause_requested = Signal()
    stop_requested = Signal()
    resume_requested = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = ExperimentProgress(self)
        self._view: ExperimentView | None = None
        self.banner = Banner()
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Experiments"))
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setSpacing(2)
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._on_item_changed)
        self._name = PlainLabel()
        self._name.setProperty("role", "heading")
        self._state = _help()
        self._sentence = PlainLabel()
        self._sentence.setObjectName("What the experiment shows")
        self._sentence.setProperty("role", "heading")
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._method = _help()
        self.panel = ProgressPanel(self.progress)
        self.panel.pause_requested.connect(self.pause_requested)
        self.panel.stop_requested.connect(self.stop_requested)
        self.resume = QPushButton(icon("rotate-ccw"), tr("Resume"))
        self.resume.clicked.connect(self._on_resume_clicked)
        self.model = GroupsModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(GroupsModel.SortRole)
        self.table = QTableView()
        self.table.setObjectName("Values")
        self.table.setAccessibleName(tr("Values that were tried"))
        set_up_table(self.table, self._sorted, GroupColumn)
        self._plot_place = QVBoxLayout()
        self._plot_widget: ExperimentPlot | None = None
        self._new = QPushButton(icon("plus"), tr("Try several values…"))
        self._new.setObjectName("Try several values…")
        self._new.clicked.connect(self.try_requested)
        self._count = _help()
        self._stack = QStackedWidget()
        self._lay_out()
        self.progress.changed.connect(self._show_state)
        self.set_experiments([])

    def set_experiments(self, found: Sequence[tuple[Path, Experiment]]) -> None:
        """List experiments, the latest first; the one that is shown stays chosen."""
        before = self.chosen_folder()
        self.list.blockSignals(True)
        self.list.clear()
        for folder, experiment in found:
            item = QListWidgetItem(_item_text(experiment))
            item.setData(_FolderRole, str(folder))
            item.setSizeHint(QSize(0, _ITEM_HEIGHT))
            self.list.addItem(item)
            if folder == before:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._stack.setCurrentIndex(0 if found else 1)
        self._new.setVisible(bool(found))
        self._count.setText(tr_count("%n experiment(s)", "", len(found)) if found else "")
        if self.list.currentItem() is None:
            self.show_view(None)
            if found:
                self.list.setCurrentRow(0)

    def choose(self, folder: Path) -> None:
        """Choose the experiment in a folder, which is shown."""
        for row in range(self.list.count()):
            if self.list.item(row).data(_FolderRole) == str(folder):
                self.list.setCurrentRow(row)

    def chosen_folder(self) -> Path | None:
        """Return the folder of the chosen experiment; None without one."""
        item = self.list.currentItem()
        return Path(item.data(_FolderRole)) if item is not None else None

    def show_view(self, view: ExperimentView | None) -> None:
        """Show an experiment; None for nothing."""
        self._view = view
        self._name.setText(view.experiment.name if view else "")
        self._sentence.setText(shown(view.conclusion.sentence) if view else "")
        self._sentence.setVisible(bool(self._sentence.text()))
        self._method.setText(shown(view.conclusion.method) if view else "")
        self._method.setVisible(bool(self._method.text()))
        self.model.set_rows(make_rows(view) if view else [])
        rows = min(_MOST_ROWS, max(_FEWEST_ROWS, self.model.rowCount()))
        self.table.setFixedHeight((rows + 1) * _ROW_HEIGHT + GRID // 2)
        if view is not None or self._plot_widget is not None:
            self.plot.show_view(view)
        self._show_state()

    @property
    def plot(self) -> "ExperimentPlot":
        """The plot, made when it is first needed."""
        if self._plot_widget is None:
            # Imported here: pyqtgraph takes a third of a second.
            from gui.experiments.experiment_plot import ExperimentPlot

            self._plot_widget = ExperimentPlot()
            self._plot_place.addWidget(self._plot_widget)
        return self._plot_widget

    def sentence(self) -> str:
        """Return the sentence with what the experiment shows."""
        return self._sentence.text()

    def state(self) -> str:
        """Return the text about how far the experiment is."""
        return self._state.text()

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Experiments"))
        title.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(2 * GRID)
        header.addWidget(title)
        header.addWidget(self._count)
        header.addStretch(1)
        header.addWidget(self._new)
        filled = QWidget()
        columns = QHBoxLayout(filled)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(2 * GRID)
        columns.addWidget(self.list)
        columns.addLayout(self._make_detail(), 1)
        self._stack.addWidget(filled)
        self._stack.addWidget(
            EmptyState(
                "flask-conical",
                tr("No experiments yet"),
                tr(
                    "Does the batch size matter? Which backbone is best? Would more pictures help? "
                    "An experiment trains with several values of a setting and compares the "
                    "results. Features are computed once, so most trainings take seconds."
                ),
                ((tr("Try several values…"), self.try_requested.emit),),
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _make_detail(self) -> QVBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self._name)
        head.addWidget(self._state, 1)
        head.addWidget(self.resume)
        card = QFrame()
        card.setProperty("role", "card")
        inner = QVBoxLayout(card)
        inner.setContentsMargins(GRID, GRID, GRID, GRID)
        inner.addLayout(self._plot_place)
        detail = QVBoxLayout()
        detail.setSpacing(GRID)
        detail.addLayout(head)
        detail.addWidget(self.panel)
        detail.addWidget(self._sentence)
        detail.addWidget(self._method)
        detail.addWidget(card, 1)
        detail.addWidget(self.table)
        return detail

    def _show_state(self) -> None:
        progress, view = self.progress, self._view
        is_shown = view is not None and progress.is_running and view.folder == progress.folder
        self.panel.setVisible(is_shown)
        self._new.setEnabled(not progress.is_running)
        is_left = view is not None and (
            view.experiment.state is not State.FINISHED or view.experiment.num_failed > 0
        )
        self.resume.setVisible(is_left and not is_shown)
        self.resume.setEnabled(not progress.is_running)
        self._state.setText("" if view is None or is_shown else _state_text(view.experiment))

    def _on_item_changed(self) -> None:
        folder, item = self.chosen_folder(), self.list.currentItem()
        if folder is None:
            return
        if self._view is None or self._view.folder != folder:
            self.show_view(None)
            self._name.setText(item.text().splitlines()[0])
            self._state.setText(tr("Reading…"))
        self.chosen.emit(folder)

    def _on_resume_clicked(self) -> None:
        if self._view is not None:
            self.resume_requested.emit(self._view.folder)


def _item_text(experiment: Experiment) -> str:
    try:
        when = moment(datetime.fromisoformat(experiment.created))
    except ValueError:
        when = experiment.created
    name = " ".join(experiment.name.split())
    return "\n".join((name, tr("%1 · %2", when, _state_text(experiment))))


def _state_text(experiment: Experiment) -> str:
    if experiment.num_failed:
        failed = tr_count("%n failed", "", experiment.num_failed)
        return tr("%1 of %2 runs, %3", experiment.num_over, experiment.num_runs, failed)
    if experiment.state is State.FINISHED:
        return tr_count("%n run(s)", "", experiment.num_over)
    return tr("%1 of %2 runs", experiment.num_over, experiment.num_runs)


def _help() -> PlainLabel:
    label = PlainLabel()
    label.setProperty("role", "help")
    label.setWordWrap(True)
    return label
