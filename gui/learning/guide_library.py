"""The documents of the guide, and searching them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gui.learning.glossary_page import families_document, glossary_document
from gui.learning.guide_section import GuideDocument, GuideSection, read_document
from resources import GUIDE_FILES, guide_path

# Weights of hits, so that a heading comes before any number of mentions.
_IS_TITLE, _IS_WORD, _IN_TITLE, _IS_TOGETHER, _MOST_MENTIONS = 1_000, 500, 200, 30, 20
_BEFORE, _AFTER = 40, 90


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that was found.

    Attributes:
        extract: Some words around the first mention.
    """

    section: GuideSection
    extract: str


class GuideLibrary:
    """All documents in the order of the contents.

    Raises:
        FileNotFoundError: If a document isn't there, which means a damaged installation.
    """

    def __init__(self) -> None:
        read = [
            read_document(name, guide_path(name).read_text(encoding="utf-8"))
            for name in GUIDE_FILES
        ]
        guide, *others = read
        made = (glossary_document(), families_document())
        self.documents: tuple[GuideDocument, ...] = (guide, *made, *others)
        self._by_name = {document.name: document for document in self.documents}

    def document(self, name: str) -> GuideDocument | None:
        """Return a document by the name that links have; None if there is none."""
        return self._by_name.get(name)

    def search(self, query: str) -> list[Hit]:
        """Return the sections that hold all words of a query, best first; none for an empty one."""
        words = query.split()
        if not words:
            return []
        whole = " ".join(words).casefold()
        patterns = [re.compile(re.escape(word), re.IGNORECASE) for word in words]
        ranked = []
        for document in self.documents:
            for section in document.sections:
                score = _score(section, whole, patterns)
                if score:
                    ranked.append((score, section))
        # Stable: of equals, the earlier one in the guide comes first.
        ranked.sort(key=lambda each: -each[0])
        return [Hit(section, _extract(section, patterns)) for _, section in ranked]


def _score(section: GuideSection, whole: str, patterns: Sequence[re.Pattern[str]]) -> int:
    text = f"{section.title}\n{section.other_words}\n{section.text}"
    if not all(pattern.search(text) for pattern in patterns):
        return 0
    score = min(_MOST_MENTIONS, sum(len(pattern.findall(section.text)) for pattern in patterns))
    if section.title.casefold() == whole:
        score += _IS_TITLE
    elif all(pattern.search(section.title) for pattern in patterns):
        score += _IN_TITLE
    if whole in section.text.casefold():
        score += _IS_TOGETHER
    if whole in section.other_words.casefold().split("\n"):
        score += _IS_WORD
    return max(1, score)


def _extract(section: GuideSection, patterns: Sequence[re.Pattern[str]]) -> str:
    text = section.text
    if all(pattern.search(section.title) for pattern in patterns):
        patterns = ()  # From its beginning: that is what the heading is about.
    found = [match for pattern in patterns if (match := pattern.search(text))]
    start = min((match.start() for match in found), default=0)
    begin = 0 if start <= _BEFORE else text.find(" ", start - _BEFORE) + 1
    end = len(text) if len(text) <= start + _AFTER else text.rfind(" ", 0, start + _AFTER)
    before, after = ("…" if begin else ""), ("…" if end < len(text) else "")
    return f"{before}{text[begin:end]}{after}"
