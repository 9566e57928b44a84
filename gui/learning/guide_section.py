"""A document of the guide, cut into sections at its headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = "```"
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TABLE_RULE = re.compile(r"^\|[\s|:-]+\|$", re.MULTILINE)
_MARKS = re.compile(r"(?<!\w)\*+(?=\S)|(?<=\S)\*+(?!\w)|`+|^\s*(?:[-*]|\d+\.)\s", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideSection:
    """A heading and what is under it, up to the next one.

    Attributes:
        document: Name of its document.
        level: Of the heading, from 1.
        anchor: What links to it name.
        title: The heading, without marks.
        text: The text, without marks; what is searched.
        other_words: More words by which it is found, one a line.
    """

    document: str
    level: int
    anchor: str
    title: str
    text: str
    other_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideDocument:
    """A document of the guide.

    Attributes:
        name: In links, such as `user-guide.md`.
        markdown: All of it.
        sections: One for each heading, in their order.
    """

    name: str
    markdown: str
    sections: tuple[GuideSection, ...]

    @property
    def title(self) -> str:
        """The first heading; the name if there is none."""
        return self.sections[0].title if self.sections else self.name


def read_document(name: str, markdown: str) -> GuideDocument:
    """Return a document with its sections; anchors are those that GitHub gives headings."""
    sections: list[GuideSection] = []
    taken: dict[str, int] = {}
    for level, heading, text in _parts(markdown):
        title = plain(heading)
        slug = _slug(title)
        number = taken.get(slug, 0)
        taken[slug] = number + 1
        sections.append(
            GuideSection(
                document=name,
                level=level,
                anchor=f"{slug}-{number}" if number else slug,
                title=title,
                text=plain(text),
            )
        )
    return GuideDocument(name=name, markdown=markdown, sections=tuple(sections))


def plain(markdown: str) -> str:
    """Return a text without the marks of Markdown."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", _COMMENT.sub("", markdown)))
    text = _TABLE_RULE.sub("", text).replace("|", " ")
    return " ".join(_MARKS.sub("", text).split())


def _parts(markdown: str) -> Iterator[tuple[int, str, str]]:
    """Yield the level of each heading, its text, and the lines under it."""
    level, heading, lines = 0, "", list[str]()
    is_code = False
    for line in markdown.splitlines():
        is_code ^= line.lstrip().startswith(_FENCE)
        found = None if is_code else _HEADING.match(line)
        if found is None:
            lines.append(line)
            continue
        if level:
            yield level, heading, "\n".join(lines)
        level, heading, lines = len(found[1]), found[2], []
    if level:
        yield level, heading, "\n".join(lines)


def _slug(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", title.lower())
    return kept.replace(" ", "-")
