"""Shows some runs side by side."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.comparison.run_comparison import RunComparison
from gui.image_views.image_grid import ImageGrid
from gui.image_views.image_items_model import ImageItem, ImageItemsModel
from gui.image_views.thumbnails import ThumbnailLoader
from gui.look.language import tr, tr_count
from gui.look.theme import GRID, class_color
from gui.look.wording import percent
from gui.runs.comparison import ComparedRuns, fact_rows, recall_rows
from gui.runs.comparison_plot import ComparisonPlot
from gui.widgets.banner import Banner
from gui.widgets.buttons import push_button
from gui.widgets.plain_text import PlainLabel

_SIZE = (120 * GRID, 84 * GRID)
_SWATCH = 12
_MOST_IMAGES = 500


class ComparisonDialog(QDialog):
    """Show which of some runs is better, their figures, curves, classes and disagreements.

    Args:
        compared: The runs.
        thumbnails: Provides thumbnails.

    Signals:
        menu_requested: Images under a right click, and the global point.
        report_requested: Save a report on the runs in these folders.
    """

    menu_requested = Signal(list, QPoint)
    report_requested = Signal(list)

    def __init__(
        self, compared: ComparedRuns, thumbnails: ThumbnailLoader, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("Comparison")
        self.setWindowTitle(tr("Compare trainings"))
        self.resize(*_SIZE)
        self._compared = compared
        self._pairs = list(
            zip(combinations(range(len(compared.names)), 2), compared.selection.pairs, strict=True)
        )
        self.banner = Banner()
        self._items = ImageItemsModel(self)
        self.grid = ImageGrid(thumbnails)
        self.grid.setAccessibleName(tr("Pictures with different answers"))
        self.grid.setModel(self._items)
        self.grid.menu_requested.connect(self.menu_requested)
        self._chosen = QComboBox()
        self._chosen.setAccessibleName(tr("Trainings to compare"))
        self._about = PlainLabel()
        self._about.setObjectName("About the answers")
        self._about.setProperty("role", "help")
        self._about.setWordWrap(True)
        self.tabs = QTabWidget()
        self._lay_out()
        self._chosen.currentIndexChanged.connect(self._show_pair)
        self._show_pair(0)

    def sentence(self) -> str:
        """Return the sentence about which is better."""
        return self._compared.sentence

    def _lay_out(self) -> None:
        compared = self._compared
        sentence = PlainLabel(compared.sentence)
        sentence.setObjectName("Comparison sentence")
        sentence.setProperty("role", "heading")
        sentence.setWordWrap(True)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        method = PlainLabel(compared.method)
        method.setProperty("role", "help")
        method.setWordWrap(True)
        method.setVisible(bool(compared.method))
        plot = ComparisonPlot(compared.names, compared.histories)
        self.tabs.addTab(self._table(fact_rows(compared), tr("Figures")), tr("Figures"))
        self.tabs.addTab(plot, tr("Curves"))
        recalls = [
            (label, ["–" if value is None else percent(value) for value in values])
            for label, values in recall_rows(compared)
        ]
        self.tabs.addTab(self._table(recalls, tr("Recall of each class")), tr("Classes"))
        self.tabs.addTab(self._make_disagreements(), tr("Different answers"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        report = push_button(tr("Report…"), self._on_report_clicked, "file-image")
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(sentence, 1)
        head.addWidget(report, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addWidget(method)
        layout.addWidget(self.banner)
        layout.addWidget(self.tabs, 1)

    def _on_report_clicked(self) -> None:
        self.report_requested.emit(list(self._compared.selection.runs))

    def _table(self, rows: Sequence[tuple[str, Sequence[str]]], name: str) -> QTableWidget:
        """Make a table with a column for each run."""
        compared = self._compared
        table = QTableWidget(len(rows), len(compared.names))
        table.setAccessibleName(name)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        for column, run_name in enumerate(compared.names):
            head = QTableWidgetItem(" ".join(run_name.split()))
            head.setIcon(_swatch(column))
            table.setHorizontalHeaderItem(column, head)
        for line, (title, texts) in enumerate(rows):
            table.setVerticalHeaderItem(line, QTableWidgetItem(" ".join(title.split())))
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(line, column, cell)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(18 * GRID)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _make_disagreements(self) -> QWidget:
        names = self._compared.names
        for (first, second), _ in self._pairs:
            self._chosen.addItem(tr("%1 and %2", names[first], names[second]))
        self._chosen.setVisible(len(self._pairs) > 1)
        head = QHBoxLayout()
        head.addWidget(self._chosen)
        head.addStretch(1)
        place = QWidget()
        layout = QVBoxLayout(place)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self._about)
        layout.addWidget(self.grid, 1)
        return place

    def _show_pair(self, position: int) -> None:
        if not 0 <= position < len(self._pairs):
            return
        (first, second), pair = self._pairs[position]
        names = self._compared.names[first], self._compared.names[second]
        self._about.setText(_about_pair(pair, *names))
        if pair.num_images:
            texts = (tr("No different answers"), tr("Both agree on all pictures."))
        else:
            texts = (tr("Nothing to compare on"), tr("No picture was tested by both."))
        self.grid.set_empty_text(*texts)
        self._items.set_items(
            [
                ImageItem(
                    path=_present(each.path, each.second_path),
                    caption=tr("%1: %2 · %3", each.actual, each.first, each.second),
                    badge=_badge(each.actual, each.first, each.second, names),
                    severity="info" if each.actual in (each.first, each.second) else "danger",
                )
                for each in pair.disagreements[:_MOST_IMAGES]
            ]
        )


def _about_pair(pair: RunComparison, first: str, second: str) -> str:
    if not pair.num_images:
        return ""
    count = tr_count("%n picture(s) with different answers", "", len(pair.disagreements))
    return tr(
        "%1. %2 alone is right on %3, %4 alone on %5. The caption has the actual class, then both "
        "answers.",
        count,
        first,
        pair.num_only_first,
        second,
        pair.num_only_second,
    )


def _badge(actual: str, first: str, second: str, names: tuple[str, str]) -> str:
    if first == actual:
        return tr("right: %1", names[0])
    if second == actual:
        return tr("right: %1", names[1])
    return tr("both wrong")


def _present(first: Path, second: Path) -> Path:
    return first if first.exists() else second


def _swatch(position: int) -> QPixmap:
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(QColor(class_color(position)))
    return pixmap
