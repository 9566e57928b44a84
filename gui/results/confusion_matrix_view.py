"""Shows a confusion matrix; selecting a cell shows its images."""

from PySide6.QtCore import QItemSelection, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.look.language import tr
from gui.look.theme import DARK, GRID, theme_for
from gui.results.confusion_matrix_model import ConfusionMatrixModel

_ROW_HEIGHT = 4 * GRID
_LEAST_WIDTH = 6 * GRID
_HEADER_WIDTH = 14 * GRID
# The strongest shades at which the text keeps a contrast of 4.5.
_LIGHTEST = 0.06
_STRONGEST_LIGHT = 0.5
_STRONGEST_DARK = 0.42


class ConfusionMatrixView(QTableView):
    """Rows are actual classes, columns predicted classes.

    Signals:
        cell_chosen: Actual and predicted class, by index.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, model: ConfusionMatrixModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_ShadeDelegate(self))
        self.setObjectName("Confusion matrix")
        self.setAccessibleName(tr("Confusion matrix"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setShowGrid(False)
        self.setWordWrap(False)
        # Tab leaves the matrix; arrows move in it.
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(True)
            header.setSectionsClickable(False)
            header.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(_LEAST_WIDTH)
        down.setDefaultSectionSize(_ROW_HEIGHT)
        down.setMaximumWidth(_HEADER_WIDTH)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)

    def _on_selection_changed(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        indices = selected.indexes()
        if indices:
            self.cell_chosen.emit(indices[0].row(), indices[0].column())


class _ShadeDelegate(QStyledItemDelegate):
    """Accent on the diagonal, danger elsewhere; the shade shows the fraction of the row."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = theme_for(self._view.palette())
        fraction = float(index.data(ConfusionMatrixModel.FractionRole))
        cell = option.rect.adjusted(1, 1, -1, -1)
        is_right = index.row() == index.column()
        shade = QColor(theme.accent if is_right else theme.danger)
        strongest = _STRONGEST_DARK if theme is DARK else _STRONGEST_LIGHT
        shade.setAlphaF(_LIGHTEST + (strongest - _LIGHTEST) * fraction if fraction else 0.0)
        painter.save()
        painter.fillRect(cell, QColor(theme.surface_alt))
        painter.fillRect(cell, shade)
        painter.setPen(QColor(theme.text if fraction else theme.text_muted))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(index.data()))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(theme.text), 2))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))
        painter.restore()
