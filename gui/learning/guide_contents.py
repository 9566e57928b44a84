"""The left side of the guide: contents, or the hits of a search."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui.learning.guide_library import Hit
from gui.learning.guide_section import GuideDocument, GuideSection
from gui.look.language import tr
from gui.look.theme import GRID, theme_for
from gui.widgets.plain_text import plain_tooltip

_SECTION = Qt.ItemDataRole.UserRole
_DEEPEST = 3
_ROW_HEIGHT = 28
# Below the title: the document, and two of the extract.
_NUM_LINES = 3
_HELP_PX = 12


class ContentsTree(QTreeWidget):
    """Documents with their headings.

    Signals:
        section_chosen: The `GuideSection` that the user has chosen.
    """

    section_chosen = Signal(object)

    def __init__(self, documents: Sequence[GuideDocument], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Guide contents")
        self.setAccessibleName(tr("Contents of the guide"))
        self.setHeaderHidden(True)
        self.setIndentation(2 * GRID)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._items: dict[tuple[str, str], QTreeWidgetItem] = {}
        for document in documents:
            self._add(document)
        self.expand(self.model().index(0, 0))
        self.itemClicked.connect(self._on_item_chosen)
        self.itemActivated.connect(self._on_item_chosen)

    def select(self, section: GuideSection) -> None:
        """Select a section, or the nearest heading above it that is listed."""
        item = self._items.get((section.document, section.anchor))
        if item is not None and item is not self.currentItem():
            self.setCurrentItem(item)

    def _add(self, document: GuideDocument) -> None:
        above: list[tuple[int, QTreeWidgetItem]] = []
        for section in document.sections:
            while above and above[-1][0] >= section.level:
                above.pop()
            if section.level > _DEEPEST and above:
                item = above[-1][1]
            else:
                parent: QTreeWidget | QTreeWidgetItem = above[-1][1] if above else self
                item = QTreeWidgetItem(parent, [section.title])
                item.setData(0, _SECTION, section)
                item.setSizeHint(0, QSize(0, _ROW_HEIGHT))
                item.setToolTip(0, plain_tooltip(section.title))
                above.append((section.level, item))
            self._items[section.document, section.anchor] = item

    def _on_item_chosen(self, item: QTreeWidgetItem) -> None:
        self.section_chosen.emit(item.data(0, _SECTION))


class HitList(QListWidget):
    """What a search has found, the best first.

    Signals:
        section_chosen: The `GuideSection` that the user has chosen.
    """

    section_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Guide hits")
        self.setAccessibleName(tr("Places found"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_HitDelegate(self))
        self.currentItemChanged.connect(self._on_current_changed)
        self.itemClicked.connect(self._on_current_changed)

    def show_hits(self, hits: Sequence[Hit], titles: Sequence[str]) -> None:
        """Show other hits.

        Args:
            titles: For each, the document that it is in.
        """
        self.blockSignals(True)
        self.clear()
        for hit, title in zip(hits, titles, strict=True):
            item = QListWidgetItem(hit.section.title, self)
            item.setData(_SECTION, hit.section)
            extract = f"{title}\n{hit.extract}" if title != hit.section.title else hit.extract
            item.setData(_SECTION + 1, extract)
            text = tr("%1, in %2: %3", hit.section.title, title, hit.extract)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
        self.blockSignals(False)

    def choose_next(self, step: int = 1) -> None:
        """Choose the hit after the current one, from the last the first."""
        if self.count():
            self.setCurrentRow((self.currentRow() + step) % self.count())

    def _on_current_changed(
        self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None
    ) -> None:
        if item is not None:
            self.section_chosen.emit(item.data(_SECTION))


class _HitDelegate(QStyledItemDelegate):
    """Draws the heading, and below it the document and some words around the hit."""

    def sizeHint(
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        small = QFontMetrics(_small(option.font)).lineSpacing()
        return QSize(0, option.fontMetrics.lineSpacing() + _NUM_LINES * small + 2 * GRID)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        self.initStyleOption(option, index)
        title, option.text = option.text, ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        area = option.rect.adjusted(GRID, GRID, -GRID, -GRID)
        theme = theme_for(option.palette)
        painter.save()
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        line = painter.fontMetrics().lineSpacing()
        elided = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft), elided)
        painter.setFont(_small(option.font))
        painter.setPen(theme.text_muted)
        height = _NUM_LINES * painter.fontMetrics().lineSpacing()
        rest = QRect(area.left(), area.top() + line, area.width(), height)
        flags = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap)
        painter.setClipRect(rest)
        painter.drawText(rest, flags, str(index.data(_SECTION + 1)))
        painter.restore()


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(_HELP_PX)
    return small
