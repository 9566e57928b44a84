"""Write class names into files with a name a line."""

import unicodedata
from collections.abc import Iterable

from core.plain_text import escape_controls, valid_unicode

# Invisible characters that Unicode counts among letters and symbols.
_BLANK_SYMBOLS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def one_line_label(label: str) -> str:
    """Write a label as valid Unicode in one line, never blank; other characters are escaped."""
    text = escape_controls(valid_unicode(label))
    if any(map(_is_visible, text)):
        return text
    return "".join(f"\\u{ord(character):04x}" for character in text) or '""'


def label_lines(labels: Iterable[str]) -> list[str]:
    r"""Write a line for each class, in their order, without line breaks and no two alike.

    A class whose escaped name is that of another one gets a number: `a\nb` with a line break
    in it, and `a\nb` with a backslash.
    """
    labels = list(labels)
    lines = [one_line_label(label) for label in labels]
    # Names that are lines as they are keep them, wherever they stand.
    taken = {line for line, label in zip(lines, labels, strict=True) if line == label}
    result = []
    for line, label in zip(lines, labels, strict=True):
        free = line if line == label else _free(line, taken)
        taken.add(free)
        result.append(free)
    return result


def labels_file(labels: Iterable[str]) -> bytes:
    """Return the content of a `labels.txt`: UTF-8, a line for each class, in their order."""
    return "".join(line + "\n" for line in label_lines(labels)).encode("utf-8")


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "ZC" and character not in _BLANK_SYMBOLS


def _free(line: str, taken: set[str]) -> str:
    candidate, number = line, 1
    while candidate in taken:
        number += 1
        candidate = f"{line} ({number})"
    return candidate
