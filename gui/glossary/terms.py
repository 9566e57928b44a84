"""All words of the glossary, and finding them in texts."""

import re
from dataclasses import dataclass

from gui.glossary.export_terms import EXPORT_TERMS
from gui.glossary.model_terms import MODEL_TERMS
from gui.glossary.overfitting_terms import OVERFITTING_TERMS
from gui.glossary.result_terms import RESULT_TERMS
from gui.glossary.term import Term
from gui.glossary.training_terms import TRAINING_TERMS
from gui.look.language import shown

TERMS = {
    term.key: term
    for terms in (MODEL_TERMS, TRAINING_TERMS, OVERFITTING_TERMS, RESULT_TERMS, EXPORT_TERMS)
    for term in terms
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where a term stands.

    Attributes:
        start: Position of the first character.
        end: Position after the last.
    """

    term: Term
    start: int
    end: int


class TermFinder:
    """Finds terms in texts of one language."""

    def __init__(self) -> None:
        self._terms = {
            form.casefold(): term for term in TERMS.values() for form in term.shown_forms()
        }
        # The longest first: "batch normalisation" is not a batch.
        forms = sorted(self._terms, key=len, reverse=True)
        self._pattern = re.compile(
            rf"(?<![\w-])(?:{'|'.join(map(re.escape, forms))})(?![\w-])", re.IGNORECASE
        )

    def find(self, text: str) -> list[Mention]:
        """Return the first mention of each term, in their order."""
        found: dict[str, Mention] = {}
        for match in self._pattern.finditer(text):
            term = self._terms.get(match.group().casefold())
            if term is not None and term.key not in found:
                found[term.key] = Mention(term, match.start(), match.end())
        return list(found.values())


_finders: dict[str, TermFinder] = {}


def find_terms(text: str) -> list[Mention]:
    """Return the first mention of each term in a translated text, in their order."""
    # One for each language: the translation is installed after this module is imported.
    language = shown(TERMS["batch"].forms)
    if language not in _finders:
        _finders[language] = TermFinder()
    return _finders[language].find(text)
