"""A label in which the words of the glossary are links."""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from gui.glossary.term import Term
from gui.glossary.terms import TERMS, find_terms
from gui.look.theme import theme_for
from gui.widgets.plain_text import PlainLabel
from gui.widgets.term_popup import TermPopup


class TermLabel(PlainLabel):
    """Show a plain text; a term that is clicked is explained on the spot.

    Args:
        takes_tab: Whether the keyboard stops at the links; without it something else has to
            explain them, as `SettingRow` does.
        is_selectable: Whether the text can be selected and copied.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        takes_tab: bool = True,
        is_selectable: bool = False,
    ) -> None:
        self._plain, self._html, self._is_linked = "", "", True
        self._terms: tuple[Term, ...] = ()
        self._known: frozenset[str] = frozenset()
        flags = Qt.TextInteractionFlag
        selecting = flags.TextSelectableByMouse | flags.TextSelectableByKeyboard
        self._flags = selecting if is_selectable else flags.NoTextInteraction
        self._link_flags = self._flags | flags.LinksAccessibleByMouse
        if takes_tab:
            self._link_flags |= flags.LinksAccessibleByKeyboard
        super().__init__(text, parent)
        self.linkActivated.connect(self._on_link_activated)

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
        self.setTextInteractionFlags(self._link_flags if html else self._flags)

    def _on_link_activated(self, key: str) -> None:
        term = TERMS[key]
        others = [other for other in self._terms if other is not term]
        below = self.mapToGlobal(QPoint(0, self.height()))
        TermPopup(term, others, self).open_at(QCursor.pos() if self.underMouse() else below)

    # Qt's own methods.

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._show()


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
