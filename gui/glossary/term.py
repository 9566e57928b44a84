"""One word of the glossary."""

from dataclasses import dataclass

from core.text import Text
from gui.look.language import shown

_BETWEEN_FORMS = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the field, explained for those who meet it in the window.

    Attributes:
        key: Names the entry in links; never translated.
        title: Heading of the entry.
        forms: Spellings that are linked in texts, with `|` between them. A translation has the
            forms of its own language, as many as it needs.
        text: One to three sentences.
        place: Where in the window it matters.
    """

    key: str
    title: Text
    forms: Text
    text: Text
    place: Text

    def shown_forms(self) -> list[str]:
        """Return the spellings in the user's language."""
        return [form.strip() for form in shown(self.forms).split(_BETWEEN_FORMS) if form.strip()]
