"""Text from elsewhere, escaped for formats in which some characters have a special meaning."""

import re

# Line separators of every reader (Python's `splitlines`, Java, C), escape sequences of terminals,
# and what makes a text run in another direction than it is written in. The marks that words in
# Arabic and Hebrew and joined emoji need (U+200C to U+200F, U+061C) stay.
_CONTROL = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x2028,
    0x2029,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,  # at the beginning of a file it is taken for a byte-order mark
)
_ESCAPED = {code: ascii(chr(code))[1:-1] for code in _CONTROL}
# An underscore within a word, as in names of settings, is none of Markdown's.
_MARKDOWN = re.compile(r"([\\`*{}\[\]<>#|~&!$]|(?<![^\W_])_|_(?![^\W_]))")
# Of a list, or, below another line, of a heading or a rule. A number such as 0.001 is none.
_LINE_MARK = re.compile(r"^(?:([-+])(?=\s|$)|(\d{1,9})(?=[.)](?:\s|$))|([-=])(?=[-=]*\s*$))")


def escape_controls(text: str) -> str:
    """Escape line separators, control characters and changes of writing direction."""
    return text.translate(_ESCAPED)


def markdown_text(text: str) -> str:
    """Escape text for a line of Markdown, in which it is no markup, HTML or table cell."""
    line = _MARKDOWN.sub(r"\\\1", valid_unicode(escape_controls(text)))
    line = _LINE_MARK.sub(lambda match: _entity(match[0][0]) + match[0][1:], line)
    # Spaces at the ends are dropped, and some at the beginning make a block of code.
    inner = line.strip(" ")
    start = len(line) - len(line.lstrip(" "))
    end = len(line) - len(line.rstrip(" ")) if inner else 0
    return _entity(" ") * start + inner + _entity(" ") * end


def valid_unicode(text: str) -> str:
    """Escape what UTF-8 can't hold: bytes of file names that are no text."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _entity(character: str) -> str:
    return f"&#{ord(character)};"
