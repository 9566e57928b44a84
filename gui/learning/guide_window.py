"""The window of the guide: contents, search, and the text."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.learning.guide_contents import ContentsTree, HitList
from gui.learning.guide_library import GuideLibrary
from gui.learning.guide_section import GuideSection
from gui.learning.guide_view import GuideView
from gui.look.icons import IconColor, icon
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.widgets.banner import Banner, Severity
from gui.widgets.plain_text import PlainLabel

_SIZE = (128 * GRID, 88 * GRID)
_SMALLEST = (76 * GRID, 46 * GRID)
_CONTENTS_WIDTH = 36 * GRID
_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class GuideWindow(QWidget):
    """Show the guide; everything in it is on this computer.

    Args:
        library: The documents.
    """

    def __init__(self, library: GuideLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        # The program ends when its main window closes.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setObjectName("Guide")
        self.setWindowTitle(tr("Guide – Fieldguide"))
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))
        self.setMinimumSize(*_SMALLEST)
        self._library = library
        self.view = GuideView(library)
        self.contents = ContentsTree(library.documents)
        self.hits = HitList()
        self.banner = Banner()
        self.search = QLineEdit()
        self._count = PlainLabel()
        self._count.setProperty("role", "help")
        self._left = QStackedWidget()
        self._back = _button(tr("Back"), "arrow-left")
        self._forward = _button(tr("Forward"), "arrow-right")
        self._lay_out()
        self._connect()
        self.view.show_section(library.documents[0].sections[0])

    def present(self) -> None:
        """Come to the front, ready for a search."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.search.setFocus()

    def show_entry(self, document: str, anchor: str) -> None:
        """Show a section by its document and anchor; the first of the guide if there is none."""
        found = self._library.document(document) or self._library.documents[0]
        sections = [section for section in found.sections if section.anchor == anchor]
        self.search.clear()
        self.view.show_section((sections or found.sections)[0])

    def is_searching(self) -> bool:
        """Whether hits are listed in place of the contents."""
        return self._left.currentIndex() == 1

    def _connect(self) -> None:
        view = self.view
        self.search.textChanged.connect(self._on_search_changed)
        self.search.returnPressed.connect(self.hits.choose_next)
        self.search.installEventFilter(self)
        self.contents.section_chosen.connect(self._on_section_chosen)
        self.hits.section_chosen.connect(self._on_section_chosen)
        view.section_shown.connect(self.contents.select)
        view.outside_link_clicked.connect(self._on_outside_link_clicked)
        view.backwardAvailable.connect(self._back.setEnabled)
        view.forwardAvailable.connect(self._forward.setEnabled)
        self._back.clicked.connect(view.backward)
        self._forward.clicked.connect(view.forward)
        for keys, slot in (
            (QKeySequence.StandardKey.Find, self._on_find),
            (QKeySequence.StandardKey.Back, view.backward),
            (QKeySequence.StandardKey.Forward, view.forward),
            (QKeySequence.StandardKey.Close, self.close),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self).activated.connect(self._on_escape)

    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_escape(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.close()

    def _on_search_changed(self, text: str) -> None:
        hits = self._library.search(text)
        self.view.highlight(text.split())
        documents = [self._library.document(hit.section.document) for hit in hits]
        titles = [document.title if document is not None else "" for document in documents]
        self.hits.show_hits(hits, titles)
        self._left.setCurrentIndex(1 if text.strip() else 0)
        found = tr_count("%n place(s) found", "", len(hits))
        self._count.setText(found if hits else tr("Nothing found. Try another word."))

    def _on_section_chosen(self, section: GuideSection) -> None:
        self.banner.clear()
        self.view.show_section(section)

    def _on_outside_link_clicked(self, address: str) -> None:
        text = tr("“%1” is no part of this guide, and the guide opens nothing by itself.", address)
        copy = partial(QGuiApplication.clipboard().setText, address)
        self.banner.show_message(Severity.INFO, text, actions=[(tr("Copy address"), copy)])

    def _lay_out(self) -> None:
        self.search.setPlaceholderText(tr("Search the guide"))
        self.search.setAccessibleName(tr("Search the guide"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(
            icon("search", IconColor.MUTED), QLineEdit.ActionPosition.LeadingPosition
        )
        found = QWidget()
        below = QVBoxLayout(found)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID // 2)
        below.addWidget(self._count)
        below.addWidget(self.hits, 1)
        self._left.addWidget(self.contents)
        self._left.addWidget(found)
        left = QWidget()
        side = QVBoxLayout(left)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(GRID)
        side.addWidget(self.search)
        side.addWidget(self._left, 1)
        bar = QHBoxLayout()
        bar.setSpacing(GRID)
        bar.addWidget(self._back)
        bar.addWidget(self._forward)
        bar.addStretch(1)
        right = QWidget()
        main = QVBoxLayout(right)
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(GRID)
        main.addLayout(bar)
        main.addWidget(self.banner)
        main.addWidget(self.view, 1)
        splitter = QSplitter()
        splitter.setHandleWidth(GRID)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([_CONTENTS_WIDTH, _SIZE[0] - _CONTENTS_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.addWidget(splitter)

    # Qt's own methods.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # From the field into the list, without leaving the keyboard.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(event.key(), 0)
            if step and self.is_searching():
                self.hits.choose_next(step)
                return True
        return super().eventFilter(watched, event)


def _button(text: str, icon_name: str) -> QPushButton:
    button = QPushButton(icon(icon_name), text)
    button.setProperty("kind", "flat")
    button.setEnabled(False)
    return button
