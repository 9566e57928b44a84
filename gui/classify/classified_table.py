"""The table of classified images, with its filters."""

from pathlib import Path

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.models.named_image import NamedImage
from gui.classify.classified_filter import ClassifiedFilter
from gui.classify.classified_model import ClassifiedColumn, ClassifiedModel
from gui.classify.unknown_threshold import UnknownThreshold
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import counted_images
from gui.widgets.columns import set_up_table
from gui.widgets.percent_box import PLACE, PercentBox
from gui.widgets.plain_text import PlainLabel

_THUMBNAIL = 40
_UNUSABLE, _UNKNOWN = object(), object()
_CLASSES_TO_FILL = {ClassifiedColumn.SECOND: 2, ClassifiedColumn.THIRD: 3}


class ClassifiedTable(QWidget):
    """A table of a `ClassifiedModel`, with filters above it.

    Signals:
        current_changed: The `NamedImage` to show, or None.
        menu_requested: Selected paths, and a global point.
        unknown_below_changed: The new `unknown_below`.
    """

    current_changed = Signal(object)
    menu_requested = Signal(list, QPoint)
    unknown_below_changed = Signal(float)

    def __init__(self, model: ClassifiedModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._shown = ClassifiedFilter(self)
        self._shown.setSourceModel(model)
        self._labels: list[str] = []
        self._num_classes = 0
        self.view = self._make_view()
        self._class = self._make_class_filter()
        self._below = self._make_below_filter()
        self.threshold = UnknownThreshold()
        self._least_sure = QPushButton(tr("Least confident first"))
        self._least_sure.setObjectName("Least sure first")
        self._count = PlainLabel()
        self._count.setProperty("role", "help")
        filters = QHBoxLayout()
        filters.setSpacing(GRID)
        filters.addWidget(self._class)
        filters.addWidget(self._below)
        filters.addWidget(self._least_sure)
        filters.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(GRID)
        below.addWidget(self._count, 1)
        below.addWidget(self.threshold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(filters)
        layout.addWidget(self.view, 1)
        layout.addLayout(below)
        self.threshold.changed.connect(self._on_threshold_changed)
        self.threshold.changed.connect(self.unknown_below_changed)
        self._least_sure.clicked.connect(self._on_least_sure_clicked)
        for signal in (self._shown.rowsInserted, self._shown.rowsRemoved, self._shown.modelReset):
            signal.connect(self._show_count)
        self._show_count()

    @property
    def unknown_below(self) -> float:
        """Probability, in [0, 1], below which an image is unknown; 0 for none."""
        return self.threshold.value

    def set_learned_threshold(self, threshold: float) -> None:
        """Use a model's suggested `unknown_below`, unless the user has chosen another."""
        self.threshold.set_learned(threshold)

    def note_num_classes(self, num_classes: int) -> None:
        """Hide the columns that a model of so few classes can't fill, unless another one did."""
        self._num_classes = max(self._num_classes, num_classes)
        for column, needed in _CLASSES_TO_FILL.items():
            self.view.setColumnHidden(column, self._num_classes < needed)

    def note_labels(self, new: tuple[NamedImage, ...]) -> None:
        """Add the classes of new images to the filter."""
        known = set(self._labels)
        for label in sorted({image.best[0][0] for image in new if image.best} - known):
            self._labels = sorted([*self._labels, label], key=str.casefold)
            position = 1 + self._labels.index(label)
            self._class.insertItem(position, " ".join(label.split()), label)
        if any(image.error for image in new):
            self._offer(tr("Unusable"), _UNUSABLE)
        if any(image.is_unknown(self.threshold.value) for image in new):
            self._offer(tr("Unknown"), _UNKNOWN)

    def _offer(self, text: str, data: object) -> None:
        if self._class.findData(data) < 0:
            self._class.addItem(text, data)

    def clear(self) -> None:
        """Reset the filters; the model is cleared by its owner."""
        self._labels, self._num_classes = [], 0
        self._class.clear()
        self._class.addItem(tr("All classes"), None)
        self._below.setValue(0)
        self.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)

    def sort_again(self) -> None:
        """Sort new images into the chosen order."""
        header = self.view.horizontalHeader()
        if header.sortIndicatorSection() >= 0:
            self._model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())

    def select(self, path: Path) -> None:
        """Make an image the current one, unless it is filtered out."""
        row = self._model.row_of(path)
        index = self._shown.mapFromSource(self._model.index(-1 if row is None else row, 0))
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag
            self.view.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
            self.view.scrollTo(index)

    def selected_paths(self) -> list[Path]:
        """Return the paths of the selected rows, from top to bottom."""
        rows = sorted(self.view.selectionModel().selectedRows(), key=QModelIndex.row)
        return [self._shown.image(index).path for index in rows]

    def shown_images(self) -> tuple[NamedImage, ...]:
        """Return the images that pass the filters, in the order of the table."""
        rows = range(self._shown.rowCount())
        return tuple(self._shown.image(self._shown.index(row, 0)) for row in rows)

    def _make_view(self) -> QTableView:
        view = QTableView()
        view.setObjectName("Results")
        view.setAccessibleName(tr("Classified pictures"))
        set_up_table(view, self._shown, ClassifiedColumn, row_height=_THUMBNAIL + GRID)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setStyleSheet(
            f"QTableView::item {{ padding: 0 {GRID}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
        )
        view.setItemDelegate(_RowDelegate(view))
        view.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        view.horizontalHeader().setStretchLastSection(True)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_menu_requested)
        view.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self._shown.dataChanged.connect(self._on_data_changed)
        return view

    def _make_class_filter(self) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName("Class filter")
        # May be narrower than the longest class, which its list shows in full.
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        combo.setAccessibleName(tr("Show pictures of"))
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        combo.setSizeAdjustPolicy(policy)
        combo.setMinimumContentsLength(16)
        combo.addItem(tr("All classes"), None)
        combo.currentIndexChanged.connect(self._on_class_changed)
        return combo

    def _make_below_filter(self) -> PercentBox:
        spin = PercentBox(tr("below %1%", PLACE), tr("any confidence"))
        spin.setObjectName("Confidence filter")
        spin.setAccessibleName(tr("Show only confidence below"))
        spin.setToolTip(tr("Show only pictures with a lower probability"))
        spin.valueChanged.connect(self._on_below_changed)
        return spin

    def _show_count(self) -> None:
        shown, total = self._shown.rowCount(), self._model.rowCount()
        text = tr_count("%1 of %n picture(s)", "", total, shown)
        self._count.setText(counted_images(total) if shown == total else text)

    def _on_class_changed(self, position: int) -> None:
        data = self._class.itemData(position)
        if data is _UNUSABLE:
            self._shown.show_unusable()
        elif data is _UNKNOWN:
            self._shown.show_unknown()
        else:
            self._shown.set_label(data)
        self._show_count()

    def _on_below_changed(self, value: int) -> None:
        self._shown.set_below(value / 100 if value else None)
        self._show_count()

    def _on_threshold_changed(self, threshold: float) -> None:
        self._model.set_threshold(threshold)
        if any(image.is_unknown(threshold) for image in self._model.rows):
            self._offer(tr("Unknown"), _UNKNOWN)
        self._shown.threshold_changed()
        self.view.viewport().update()
        self._show_count()

    def _on_least_sure_clicked(self) -> None:
        self.view.sortByColumn(ClassifiedColumn.PROBABILITY, Qt.SortOrder.AscendingOrder)
        self.view.scrollToTop()

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self._shown.image(current) if current.isValid() else None)

    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        current = self.view.currentIndex()
        is_whole_row = last.column() > first.column()
        if is_whole_row and first.row() <= current.row() <= last.row():
            self._on_current_changed(current, current)

    def _on_menu_requested(self, point: QPoint) -> None:
        index = self.view.indexAt(point)
        if not index.isValid():  # the menu key, whose point is the middle of the table
            index = self.view.currentIndex()
            point = self.view.visualRect(index).center()
        paths = self.selected_paths()
        if paths:
            self.menu_requested.emit(paths, self.view.viewport().mapToGlobal(point))


class _RowDelegate(QStyledItemDelegate):
    """Keeps the text in place, whatever the shape of a thumbnail; errors take all columns."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def _error_area(self, row: QRect) -> QRect:
        """Return the area of a row from the column of the class to the last one."""
        left = self._view.columnViewportPosition(ClassifiedColumn.LABEL)
        shown = [column for column in ClassifiedColumn if not self._view.isColumnHidden(column)]
        right = self._view.columnViewportPosition(shown[-1]) + self._view.columnWidth(shown[-1])
        return QRect(left, row.top(), right - left, row.height())

    # Qt's own methods.

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        if index.column() < ClassifiedColumn.LABEL or not index.data(ClassifiedModel.RowRole).error:
            super().paint(painter, option, index)
            return
        # Each cell paints its part of the error: one that spanned them would be painted over.
        whole = QStyleOptionViewItem(option)
        whole.rect = self._error_area(option.rect)
        painter.save()
        painter.setClipRect(option.rect, Qt.ClipOperation.IntersectClip)
        super().paint(painter, whole, index.sibling(index.row(), ClassifiedColumn.LABEL))
        painter.restore()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        is_name = index.column() == ClassifiedColumn.IMAGE
        if is_name:
            option.decorationSize = QSize(_THUMBNAIL, _THUMBNAIL)
        option.font.setFeature(QFont.Tag("tnum"), 1)
        # Names of files often differ at their end only.
        mode = Qt.TextElideMode.ElideMiddle if is_name else Qt.TextElideMode.ElideRight
        option.textElideMode = mode
