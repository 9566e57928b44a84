"""The explanation of a term, where the user has clicked it."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent, QWhatsThisClickedEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.glossary.term import Term
from gui.glossary.terms import find_terms
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel

_WIDTH = 48 * GRID


class TermPopup(QFrame):
    """Explain a term; Esc or a click elsewhere closes it.

    Args:
        term: The term.
        others: Terms of the same text; each has a button.
        parent: The widget in which the term stands. Its window, or that one's parent, gets a
            `QWhatsThisClickedEvent` with the key of the term when the glossary is wanted.
    """

    def __init__(self, term: Term, others: Sequence[Term], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popup")
        self.setObjectName("Term")
        self.setFixedWidth(_WIDTH)
        self._term, self._point = term, QPoint()
        self._terms = [term, *others]
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._on_other_clicked)
        self._title = PlainLabel()
        self._title.setProperty("role", "heading")
        self._text = PlainLabel()
        self._place = PlainLabel()
        self._place.setProperty("role", "help")
        for label in (self._text, self._place):
            label.setWordWrap(True)
        self._more = QPushButton(tr("Open in the glossary"))
        self._more.setAutoDefault(True)
        self._more.clicked.connect(self._on_more_clicked)
        self._row = QHBoxLayout()
        self._row.setSpacing(0)
        self._see_also = PlainLabel(tr("See also"))
        self._see_also.setProperty("role", "help")
        self._row.addWidget(self._see_also)
        self._row.addStretch(1)
        self._lay_out()
        self._show(term)

    def open_at(self, point: QPoint) -> None:
        """Open at a global point, moved as far as the screen asks for."""
        self._point = point
        self.adjustSize()
        self._keep_on_screen()
        self.show()
        self._more.setFocus()

    def text(self) -> str:
        """Return what is shown."""
        return "\n".join(label.text() for label in (self._title, self._text, self._place))

    def others(self) -> list[QAbstractButton]:
        """Return the buttons of other terms."""
        return self._group.buttons()

    def _show(self, term: Term) -> None:
        self._term = term
        text = shown(term.text)
        named = [mention.term for mention in find_terms(text)]
        self._terms += [other for other in named if other not in self._terms]
        self._title.setText(shown(term.title))
        self._text.setText(text)
        self._place.setText(shown(term.place))
        self.setAccessibleName(shown(term.title))
        self.setAccessibleDescription(text)
        self._more.setAccessibleDescription(text)
        self._show_others()

    def _show_others(self) -> None:
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        room = _WIDTH - 4 * GRID - self._see_also.sizeHint().width()
        for number, term in enumerate(self._terms):
            if term is self._term:
                continue
            button = QPushButton(term.shown_forms()[0])
            button.setProperty("kind", "link")
            button.setAccessibleDescription(shown(term.text))
            button.ensurePolished()
            room -= button.sizeHint().width()
            if room < 0:
                button.deleteLater()
                break
            self._group.addButton(button, number)
            self._row.insertWidget(self._row.count() - 1, button)
        self._see_also.setVisible(bool(self._group.buttons()))

    def _on_other_clicked(self, number: int) -> None:
        self._show(self._terms[number])
        self._more.setFocus()
        self.adjustSize()
        self._keep_on_screen()

    def _on_more_clicked(self) -> None:
        widget = self.parentWidget()
        key = self._term.key
        self.close()
        ask_for_term(widget, key)

    def _keep_on_screen(self) -> None:
        screen = QGuiApplication.screenAt(self._point) or self.screen()
        area = screen.availableGeometry().adjusted(GRID, GRID, -GRID, -GRID)
        left = min(self._point.x(), area.right() - self.width())
        top = min(self._point.y(), area.bottom() - self.height())
        self.move(max(area.left(), left), max(area.top(), top))

    def _lay_out(self) -> None:
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addWidget(self._place)
        layout.addLayout(self._row)
        layout.addLayout(bottom)

    # Qt's own methods.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_on_screen()


def ask_for_term(widget: QWidget | None, key: str) -> None:
    """Ask the window that a widget is in, or the one that opened that, to show the glossary."""
    while widget is not None:
        window = widget.window()
        event = QWhatsThisClickedEvent(key)
        event.ignore()
        QCoreApplication.sendEvent(window, event)
        if event.isAccepted():
            return
        widget = window.parentWidget()
