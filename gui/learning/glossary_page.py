"""The glossary and the backbone families as documents of the guide."""

import re

from gui.glossary.families import FAMILIES, family_text
from gui.glossary.term import Term
from gui.glossary.terms import TERMS, find_terms
from gui.learning.guide_section import GuideDocument, GuideSection
from gui.look.language import shown, tr

GLOSSARY = "glossary"
FAMILIES_PAGE = "backbone-families"
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def glossary_document() -> GuideDocument:
    """Return all terms, in alphabetical order, each with links to others."""
    title = tr("Glossary")
    intro = tr("The words of the window, in alphabetical order.")
    terms = sorted(TERMS.values(), key=lambda term: shown(term.title).casefold())
    lines = [f"# {_escaped(title)}", _escaped(intro)]
    sections = [_section(GLOSSARY, 1, "", title, intro)]
    for term in terms:
        text, place = shown(term.text), shown(term.place)
        lines += [f"## {_escaped(shown(term.title))}", _linked(text, term), _where(place)]
        words = "\n".join(term.shown_forms())
        sections.append(
            _section(GLOSSARY, 2, term.key, shown(term.title), f"{text} {place}", words)
        )
    return GuideDocument(name=GLOSSARY, markdown="\n\n".join(lines), sections=tuple(sections))


def families_document() -> GuideDocument:
    """Return the families of backbones, in the order of the catalogue."""
    title = tr("Backbone families")
    intro = tr("What the backbones in Edit → Backbones… are built of.")
    lines = [f"# {_escaped(title)}", _escaped(intro)]
    sections = [_section(FAMILIES_PAGE, 1, "", title, intro)]
    for family in FAMILIES:
        text = family_text(family)
        lines += [f"## {_escaped(family)}", _linked(text, None, f"{GLOSSARY}#")]
        anchor = family.lower().replace(" ", "-")
        sections.append(_section(FAMILIES_PAGE, 2, anchor, family, text))
    return GuideDocument(name=FAMILIES_PAGE, markdown="\n\n".join(lines), sections=tuple(sections))


def _section(
    document: str, level: int, anchor: str, title: str, text: str, words: str = ""
) -> GuideSection:
    return GuideSection(
        document=document, level=level, anchor=anchor, title=title, text=text, other_words=words
    )


def _linked(text: str, itself: Term | None, prefix: str = "#") -> str:
    """Return Markdown in which other terms are links to their entries."""
    parts, last = [], 0
    for mention in find_terms(text):
        if mention.term is itself:
            continue
        word = _escaped(text[mention.start : mention.end])
        parts.append(_escaped(text[last : mention.start]))
        parts.append(f"[{word}]({prefix}{mention.term.key})")
        last = mention.end
    parts.append(_escaped(text[last:]))
    return "".join(parts)


def _where(place: str) -> str:
    return _escaped(tr("In the window: %1", place))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
