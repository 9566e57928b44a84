"""A label in which the words of the glossary are links."""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QWidget

from gui.glossary.term import Term
from gui.glossary.terms import TERMS, find_terms
from gui.look.theme import theme_for
from gui.widgets.plain_text import PlainLabel
from gui.widgets.term_popup import TermPopup


class TermLabel(PlainLabel):
    """Show a plain text; a term that is clicked is explained on the spot.

    Args:
        takes_tab: Whether the keyboard stops at the links; without it something else has to lead
            to `explain`.
    """

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, takes_tab: bool = True
    ) -> None:
        self._plain, self._html, self._is_linked = "", "", True
        self._terms: tuple[Term, ...] = ()
        self._known: frozenset[str] = frozenset()
        super().__init__(text, parent)
        flags = Qt.TextInteractionFlag
        keyboard = flags.LinksAccessibleByKeyboard if takes_tab else flags.NoTextInteraction
        self._flags = flags.LinksAccessibleByMouse | keyboard
        self.linkActivated.connect(self._on_link_activated)
        self._show()

    def setText(self, text: str) -> None:
        """Change the text."""
        self._plain = text
        self._show()

    def text(self) -> str:
        """Return the text, without links."""
        return self._plain

    def clear(self) -> None:
        """Remove the text."""
        self.setText("")

    def set_linked(self, is_linked: bool) -> None:
        """Show links, or none: in an error they would only distract."""
        if is_linked != self._is_linked:
            self._is_linked = is_linked
            self._show()

    def set_known(self, terms: Iterable[Term]) -> None:
        """Make no links of terms that are links close by."""
        self._known = frozenset(term.key for term in terms)
        self._show()

    def terms(self) -> tuple[Term, ...]:
        """Return the terms that are links, in their order."""
        return self._terms

    def explain(self, term: Term) -> None:
        """Explain one of the terms, below the label."""
        self._open(term, self.mapToGlobal(QPoint(0, self.height())))

    def _show(self) -> None:
        mentions = find_terms(self._plain) if self._is_linked and self._plain else []
        mentions = [each for each in mentions if each.term.key not in self._known]
        self._terms = tuple(mention.term for mention in mentions)
        parts, last = [], 0
        # Not the colour of links, and a pale line: there are many, and the text is what matters.
        color = self.palette().color(self.foregroundRole()).name()
        line = theme_for(self.palette()).control_line
        style = f"color: {color}; text-decoration-color: {line}"
        for mention in mentions:
            word = escape(self._plain[mention.start : mention.end])
            parts.append(_html(self._plain[last : mention.start]))
            parts.append(f'<a href="{mention.term.key}" style="{style}">{word}</a>')
            last = mention.end
        parts.append(_html(self._plain[last:]))
        html = "".join(parts) if mentions else ""
        if html and html == self._html:
            return
        self._html = html
        self.setTextFormat(Qt.TextFormat.RichText if html else Qt.TextFormat.PlainText)
        super().setText(html or self._plain)
        if hasattr(self, "_flags"):
            none = Qt.TextInteractionFlag.NoTextInteraction
            self.setTextInteractionFlags(self._flags if html else none)

    def _on_link_activated(self, key: str) -> None:
        is_by_mouse = bool(QApplication.mouseButtons()) or self.underMouse()
        below = self.mapToGlobal(QPoint(0, self.height()))
        self._open(TERMS[key], QCursor.pos() if is_by_mouse else below)

    def _open(self, term: Term, point: QPoint) -> None:
        others = [other for other in self._terms if other is not term]
        TermPopup(term, others, self).open_at(point)

    # Qt's own methods.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._show()


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
