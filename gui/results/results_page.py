"""The page Results: how accurate the model is, and its mistakes."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.data.dataset import Split
from core.runs.run_predictions import PREDICTIONS_FILE
from core.runs.run_results import RunResults, SplitResults, load_run_results
from gui.image_views.thumbnails import ThumbnailLoader
from gui.look.figure_texts import interval_text
from gui.look.icons import icon
from gui.look.language import shown, tr, tr_count
from gui.look.theme import GRID
from gui.results.class_metrics_model import ClassMetricsModel
from gui.results.class_metrics_table import ClassMetricsTable
from gui.results.confusion_matrix_model import ConfusionMatrixModel
from gui.results.confusion_matrix_view import ConfusionMatrixView
from gui.results.mistakes_gallery import MistakesGallery
from gui.results.results_head import ResultsHead
from gui.widgets.banner import Banner, Severity
from gui.widgets.empty_state import EmptyState
from gui.widgets.plain_text import PlainLabel
from gui.work.background import Task, TaskContext


class ResultsPage(QWidget):
    """Shows the results of one run.

    Args:
        thumbnails: Loads thumbnails.

    Signals:
        menu_requested: Images under a right click, and the global point.
        train_requested: Go to the page Train; there are no results yet.
        report_requested: Save a report on the run in this folder.
    """

    menu_requested = Signal(list, QPoint)
    train_requested = Signal()
    report_requested = Signal(Path)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.matrix_model = ConfusionMatrixModel(self)
        self.metrics_model = ClassMetricsModel(self)
        self.matrix = ConfusionMatrixView(self.matrix_model)
        self.gallery = MistakesGallery(thumbnails)
        self._results: RunResults | None = None
        self._task: Task | None = None
        self.head = ResultsHead()
        self._run = PlainLabel()
        self._run.setProperty("role", "help")
        self._splits = QComboBox()
        self._splits.setObjectName("Split")
        self._splits.setAccessibleDescription(tr("Pictures that the figures are based on"))
        self._table = ClassMetricsTable(self.metrics_model)
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def show_run(self, run_dir: Path | None) -> None:
        """Load and show the results of a run; nothing for None or a run without results."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.banner.clear()
        if run_dir is None:
            self._on_loaded(None)
            return

        def load(_context: TaskContext) -> RunResults | None:
            # A run that has just begun or was killed has none.
            if not (run_dir / PREDICTIONS_FILE).exists():
                return None
            return load_run_results(run_dir)

        self._task = Task(load, self)
        self._task.succeeded.connect(self._on_loaded)
        self._task.failed.connect(self._on_load_failed)
        self._task.start()

    @property
    def results(self) -> RunResults | None:
        """The results that are shown; None for none."""
        return self._results

    def headline(self) -> str:
        """Return the accuracy as shown, with its explanation."""
        return self.head.headline()

    def choose_split(self, split: Split) -> None:
        """Show the figures of a split."""
        self._splits.setCurrentIndex(self._splits.findData(split))

    def _lay_out(self) -> None:
        self._stack.addWidget(self._make_filled())
        self._stack.addWidget(
            EmptyState(
                "chart-column",
                tr("No results yet"),
                tr(
                    "After training, this page shows how many pictures are classified correctly, "
                    "which classes are confused, and every mistake."
                ),
                ((tr("Go to Train"), self.train_requested.emit),),
            )
        )
        self._stack.setCurrentIndex(1)
        title = PlainLabel(tr("Results"))
        title.setProperty("role", "title")
        self._folder = QPushButton(icon("folder-open"), tr("Open run folder"))
        self._copy = QPushButton(icon("copy"), tr("Copy table"))
        self._report = QPushButton(tr("Report…"))
        header = QHBoxLayout()
        header.setSpacing(GRID)
        header.addWidget(title)
        header.addSpacing(GRID)
        header.addWidget(self._run, 1)
        header.addWidget(self._splits)
        header.addWidget(self._copy)
        header.addWidget(self._report)
        header.addWidget(self._folder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)
        self._show_controls(False)

    def _make_filled(self) -> QWidget:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(2 * GRID)
        splitter.addWidget(self._make_figures())
        splitter.addWidget(self.gallery)
        splitter.setSizes([66 * GRID, 58 * GRID])
        filled = QWidget()
        layout = QVBoxLayout(filled)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.head)
        layout.addWidget(splitter, 1)
        return filled

    def _make_figures(self) -> QWidget:
        heading = PlainLabel(tr("Rows: actual class. Columns: predicted class."))
        heading.setProperty("role", "help")
        as_percent = QCheckBox(tr("Percentages"))
        as_percent.toggled.connect(self.matrix_model.set_as_percent)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(as_percent)
        figures = QWidget()
        layout = QVBoxLayout(figures)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(top)
        layout.addWidget(self.matrix, 3)
        layout.addWidget(self._table, 2)
        return figures

    def _connect(self) -> None:
        self._splits.currentIndexChanged.connect(self._on_split_chosen)
        self.matrix.cell_chosen.connect(self._on_cell_chosen)
        self._table.class_chosen.connect(self._on_class_chosen)
        self.gallery.back_requested.connect(self._show_mistakes)
        self.gallery.menu_requested.connect(self.menu_requested)
        self._folder.clicked.connect(self._on_folder_clicked)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._report.clicked.connect(self._on_report_clicked)

    def _show_controls(self, is_shown: bool) -> None:
        for widget in (self._splits, self._copy, self._report, self._folder):
            widget.setVisible(is_shown)

    def _on_loaded(self, results: RunResults | None) -> None:
        self._results = results
        self._show_controls(results is not None)
        self._stack.setCurrentIndex(0 if results is not None else 1)
        self._run.setText("")
        if results is None:
            return
        self._run.setText(tr("Run of %1", results.run_dir.name))
        self._splits.blockSignals(True)
        self._splits.clear()
        names = {Split.TEST: tr("Test pictures"), Split.VALIDATION: tr("Validation pictures")}
        for split in results.splits:
            self._splits.addItem(names[split], split)
        self._splits.setCurrentIndex(self._splits.findData(results.best_split))
        self._splits.blockSignals(False)
        self._show_split()

    def _on_load_failed(self, message: str, details: str) -> None:
        self._on_loaded(None)
        self.banner.show_message(Severity.WARNING, shown(message), details=details)

    def _shown(self) -> SplitResults:
        assert self._results is not None, "figures are shown for results only"
        return self._results.splits[Split(self._splits.currentData())]

    def _on_split_chosen(self, _index: int) -> None:
        if self._results is not None:
            self._show_split()

    def _show_split(self) -> None:
        assert self._results is not None, "there is a split to choose"
        evaluation = self._shown().evaluation
        split = Split(self._splits.currentData())
        self.head.show_figures(self._results.figures(split), interval_text(evaluation, split))
        labels = self._results.labels
        self.matrix_model.set_matrix(labels, evaluation.confusion_matrix)
        self.metrics_model.set_figures(labels, evaluation.per_class)
        self._show_mistakes()

    def _show_mistakes(self) -> None:
        assert self._results is not None, "there is a split to show"
        # So that the same cell can be chosen again.
        for view in (self.matrix, self._table):
            view.setCurrentIndex(QModelIndex())
        mistakes = self._shown().mistakes()
        labels = self._results.labels
        self.gallery.show_images(_mistakes_heading(len(mistakes)), mistakes, labels, is_part=False)

    def _on_cell_chosen(self, true_class: int, predicted: int) -> None:
        if self._results is None:
            return
        labels = self._results.labels
        found = self._shown().cell(true_class, predicted)
        names = labels[true_class], labels[predicted]
        text = tr_count("%n picture(s) of “%1” classified as “%2”", "", len(found), *names)
        self.gallery.show_images(text, found, labels, is_part=True)

    def _on_class_chosen(self, label: str) -> None:
        if self._results is None:
            return
        labels = self._results.labels
        found = self._shown().of_class(labels.index(label))
        text = tr_count("%n picture(s) of “%1”, mistakes first", "", len(found), label)
        self.gallery.show_images(text, found, labels, is_part=True)

    def _on_folder_clicked(self) -> None:
        if self._results is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._results.run_dir)))

    def _on_report_clicked(self) -> None:
        if self._results is not None:
            self.report_requested.emit(self._results.run_dir)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._table.text())


def _mistakes_heading(count: int) -> str:
    match count:
        case 0:
            return tr("No mistakes")
        case 1:
            return tr("1 mistake")
        case _:
            return tr_count("%n mistake(s), most confident first", "", count)
