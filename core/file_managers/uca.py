"""Thunar's file of custom actions: one action put in or taken out, no other byte touched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from core.file_managers.quoting import xml_text

UNIQUE_ID = "fieldguide-classify"
EMPTY = b'<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'

_COMPARED = ("name", "command", "patterns", "directories", "image-files")


class UcaError(ValueError):
    """The file is not what Thunar reads; the message says why."""


@dataclass(slots=True)
class Action:
    """An action's place in the file, in bytes, and what it says.

    Attributes:
        texts: Content by element, without translations.
    """

    start: int
    end: int = 0
    texts: dict[str, str] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """What matters of it, however it is laid out."""
        return repr([self.texts.get(name) for name in _COMPARED])


@dataclass(slots=True)
class UcaFile:
    """What is where in a file of actions.

    Attributes:
        closing: Where `</actions>` starts; None for `<actions/>`.
        root_end: Behind the last byte of the start tag.
        own: Fieldguide's action.
    """

    content: bytes
    closing: int | None
    root_end: int
    own: Action | None

    @classmethod
    def parse(cls, content: bytes) -> "UcaFile":
        """Find the actions.

        Raises:
            UcaError: If this isn't well-formed XML in UTF-8 with `actions` outermost.
        """
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UcaError("it isn't UTF-8") from error
        return _Parser(content).parse()

    def with_action(self, action: bytes) -> bytes:
        """The content with one more action, the last one."""
        content = self.content
        newline = b"\r\n" if b"\r\n" in content else b"\n"
        action = action.replace(b"\n", newline)
        if self.closing is None:
            start = content[: self.root_end].removesuffix(b"/>")
            return start + b">" + action + b"</actions>" + content[self.root_end :]
        line = _line_start(content, self.closing)
        if line is None:
            return content[: self.closing] + action + content[self.closing :]
        return content[:line] + b"\t" + action + newline + content[line:]

    def without_own(self) -> bytes:
        """The content without Fieldguide's action and the line breaks that came with it."""
        assert self.own is not None
        start, end = self.own.start, self.own.end
        line = _line_start(self.content, start)
        if line is not None:
            start = line
            for newline in (b"\r\n", b"\n"):
                if self.content[end:].startswith(newline):
                    end += len(newline)
                    break
        return self.content[:start] + self.content[end:]


def own_action(texts: Mapping[str, str | None]) -> bytes:
    """Fieldguide's action; None makes an empty element."""
    lines = [
        f"\t\t<{name}/>" if text is None else f"\t\t<{name}>{xml_text(text)}</{name}>"
        for name, text in texts.items()
    ]
    return "\n".join(["<action>", *lines, "\t</action>"]).encode()


def _line_start(content: bytes, position: int) -> int | None:
    """Where the line begins, if nothing but blanks stands before `position` in it."""
    line = content.rfind(b"\n", 0, position) + 1
    return line if line and not content[line:position].strip(b" \t") else None


class _Parser:
    """Reads once, keeping places."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._path: list[str] = []
        self._texts: list[str] = []
        self._translated = False
        self._actions: list[Action] = []
        self._root_end, self._closing = 0, -1
        parser = expat.ParserCreate("UTF-8")
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text
        self._parser = parser

    def parse(self) -> UcaFile:
        try:
            self._parser.Parse(self._content, True)
        except expat.ExpatError as error:
            raise UcaError(str(error)) from error
        own = [each for each in self._actions if each.texts.get("unique-id") == UNIQUE_ID]
        is_empty = self._content[: self._root_end].endswith(b"/>")
        closing = None if is_empty else self._closing
        return UcaFile(self._content, closing, self._root_end, own[0] if own else None)

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        start = self._parser.CurrentByteIndex
        if not self._path:
            if name != "actions":
                raise UcaError(f"its outermost element is “{name}”, not “actions”")
            self._root_end = _tag_end(self._content, start)
        if self._path == ["actions"] and name == "action":
            self._actions.append(Action(start))
        self._path.append(name)
        self._texts = []
        self._translated = "xml:lang" in attributes

    def _on_end(self, name: str) -> None:
        start = self._parser.CurrentByteIndex
        path, self._path = self._path, self._path[:-1]
        if path[:2] == ["actions", "action"]:
            action = self._actions[-1]
            if len(path) == 2:
                action.end = _tag_end(self._content, start)
            elif len(path) == 3 and not self._translated:
                action.texts[name] = "".join(self._texts)
        elif len(path) == 1:
            self._closing = start

    def _on_text(self, text: str) -> None:
        self._texts.append(text)


def _tag_end(content: bytes, start: int) -> int:
    """Behind the tag that starts here; a quoted `>` doesn't end it."""
    quote = 0
    for position in range(start, len(content)):
        byte = content[position]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == ord(">"):
            return position + 1
    return len(content)
