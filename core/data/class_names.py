"""Normalize class names, and sort them."""

import re
import unicodedata

_DIGITS = re.compile(r"([0-9]+)")


def class_name(text: str) -> str:
    """Normalize the name of a class from a folder or a list.

    macOS spells accented letters as two characters and other systems as one; both become one.
    """
    return unicodedata.normalize("NFC", text)


def natural_key(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Return a sort key: ignores case, sorts digits by their value, and ties by the name itself."""
    parts = _DIGITS.split(name.casefold())
    # The length stands for the magnitude, so no digit string is too long to convert.
    numbered = (part.lstrip("0") if position % 2 else part for position, part in enumerate(parts))
    chunks = tuple(
        (len(part), part) if position % 2 else (0, part) for position, part in enumerate(numbered)
    )
    return chunks, name
