"""The list of classes with colour and count; images can be dropped onto a row."""

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.images.class_list_model import ClassListModel
from gui.look.language import tr
from gui.look.theme import GRID, theme_for
from gui.look.wording import number

_ROW_HEIGHT = 40
_DOT = 10
_BAR_HEIGHT = 4


class ClassList(QListView):
    """Show a `ClassListModel`; the first row stands for all images.

    Signals:
        class_chosen: Name of the class to show, "" for all.
        menu_requested: Name of the class under the mouse and a global point.
        remove_requested: Delete was pressed on a class.
    """

    class_chosen = Signal(str)
    menu_requested = Signal(str, QPoint)
    remove_requested = Signal(str)

    def __init__(self, model: ClassListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._class_model = model
        self._lit_row = -1
        self.setModel(model)
        self.setItemDelegate(_ClassDelegate(self))
        self.setObjectName("Class list")
        self.setAccessibleName(tr("Class list"))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu_requested)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def choose(self, name: str) -> None:
        """Make a class the current row; "" for all images."""
        self.setCurrentIndex(self._class_model.index(self._class_model.row_of(name)))

    def chosen(self) -> str:
        """Return the class shown, "" for all."""
        return self._class_model.name_at(self.currentIndex()) or ""

    def class_at(self, point: QPoint) -> str:
        """Return the class under a point of the viewport, "" for none."""
        return self._class_model.name_at(self.indexAt(point)) or ""

    def light_up(self, name: str) -> None:
        """Show that a drop would go to this class; "" for none."""
        row = self._class_model.row_of(name) if name else -1
        if row != self._lit_row:
            self._lit_row = row
            self.viewport().update()

    @property
    def lit_row(self) -> int:
        """The row that a drop would go to, -1 for none."""
        return self._lit_row

    def _on_current_changed(self, index: QModelIndex, _previous: QModelIndex) -> None:
        self.class_chosen.emit(self._class_model.name_at(index) or "")

    def _on_menu_requested(self, point: QPoint) -> None:
        name = self.class_at(point)
        if name:
            self.menu_requested.emit(name, self.viewport().mapToGlobal(point))

    # Qt's own methods.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.chosen():
            self.remove_requested.emit(self.chosen())
            return
        super().keyPressEvent(event)


class _ClassDelegate(QStyledItemDelegate):
    """Paint a row: dot, name, count, and below them a bar for the relative count."""

    def __init__(self, view: ClassList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(160, _ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = theme_for(self._view.palette())
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter, rect, state, index.row())
        color = index.data(ClassListModel.ColorRole)
        left = rect.left() + GRID
        if color is not None:
            painter.setBrush(color)
            painter.setPen(QPen(QColor(theme.control_line), 1))
            painter.drawEllipse(QRectF(left, rect.top() + 11, _DOT, _DOT))
        left += _DOT + GRID
        self._paint_texts(painter, QRect(left, rect.top() + 4, rect.right() - left - 8, 24), index)
        fraction = index.data(ClassListModel.FractionRole)
        if fraction is not None:
            track = QRectF(left, rect.bottom() - 8, rect.right() - left - 8, _BAR_HEIGHT)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line))
            painter.drawRoundedRect(track, 2, 2)
            painter.setBrush(color)
            track.setWidth(max(2.0, track.width() * fraction))
            painter.drawRoundedRect(track, 2, 2)
        painter.restore()

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        _index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        editor.setGeometry(rect.adjusted(4, 3, -4, -3))

    def _paint_background(
        self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, row: int
    ) -> None:
        theme = theme_for(self._view.palette())
        inner = QRectF(rect).adjusted(2, 1, -2, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if row == self._view.lit_row:
            painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
            painter.setBrush(QColor(theme.accent_soft))
        elif state & QStyle.StateFlag.State_Selected:
            painter.setBrush(QColor(theme.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(theme.surface_alt))
        else:
            return
        painter.drawRoundedRect(inner, 6, 6)

    def _paint_texts(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = theme_for(self._view.palette())
        metrics = QFontMetrics(self._view.font())
        painter.setFont(self._view.font())
        count = number(index.data(ClassListModel.CountRole))
        painter.setPen(QColor(theme.text_muted))
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | vertical, count)
        width = rect.width() - metrics.horizontalAdvance(count) - GRID
        name = str(index.data()).encode("utf-8", "replace").decode()
        text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width)
        painter.setPen(QColor(theme.text))
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | vertical, text)
