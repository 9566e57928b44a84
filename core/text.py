"""Texts for users: in English here, translated by the window.

As with gettext, the English source is the key of its translation. A `Text` keeps source and
arguments apart, so that a window in another language makes the sentence anew; everybody else reads
it as a `str`. `pyside6-lupdate` finds the sources by the names `Text` and `count_text`.

Programs under Python 3.9 use this too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from typing import Self

Argument = Union[str, int]  # noqa: UP007 - not in Python 3.9
_MOST_PLACES = 9  # %1 to %9


class Text(str):
    """A text for users, in English, which remembers its source and its arguments.

    Survives `str(error)`, `str(text)` and pickling; an f-string makes a plain `str` of it.

    Args:
        source: The English text, a literal; `%1` to `%9` are the places of arguments.
        arguments: A `Text` among them is translated too. An `int` gets thousands separators; a
            number that is no quantity, such as a port or a year, comes as `str`.

    Attributes:
        source: The text with its places, the key of its translation.
        arguments: What goes to the places.
        number: The count that decides its plural form, if it has one.
    """

    source: str
    arguments: tuple[Argument, ...]
    number: int | None

    def __new__(cls, source: str, *arguments: Argument) -> Self:
        """Make the English text, and remember what it is made of."""
        return cls.of(source, arguments, None)

    @classmethod
    def of(cls, source: str, arguments: tuple[Argument, ...], count: int | None) -> Self:
        """Make a text of its attributes."""
        english = source if count is None else with_count(source, count, f"{count:,}")
        self = super().__new__(cls, filled(english, arguments, lambda value: f"{value:,}"))
        self.source, self.arguments, self.number = source, arguments, count
        return self

    def __str__(self) -> str:
        return self

    def __reduce__(self) -> tuple[Callable[..., Text], tuple[object, ...]]:
        return Text.of, (self.source, self.arguments, self.number)


def count_text(source: str, comment: str, count: int, *arguments: Argument) -> Text:
    """Make a text that has a plural: `count_text("%n image(s) in %1", "", 3, name)`.

    Args:
        source: As for `Text`; `%n` is the place of the count, and `with_count` says how a plural is
            written.
        comment: For translators; "" if the source says enough. It is where lupdate expects it.
        count: At least 0.
        arguments: As for `Text`.
    """
    del comment
    return Text.of(source, arguments, count)


def sentences(*texts: str) -> Text:
    """Put whole sentences side by side; each is translated by itself, empty ones are left out."""
    found = tuple(text for text in texts if text)
    if len(found) > _MOST_PLACES:
        return sentences(sentences(*found[:_MOST_PLACES]), *found[_MOST_PLACES:])
    places = " ".join(f"%{number}" for number in range(1, len(found) + 1))
    return Text.of(places, found, None)


def filled(source: str, arguments: tuple[Argument, ...], number: Callable[[int], str]) -> str:
    """Put arguments in the places of %1, %2 …, all at once: an argument may hold a percent sign."""

    def argument(match: re.Match[str]) -> str:
        position = int(match[1]) - 1
        if position >= len(arguments):  # A translation that is wrong ends no program.
            return match[0]
        value = arguments[position]
        return value if isinstance(value, str) else number(value)

    return re.sub(r"%([1-9])", argument, source) if arguments else source


def with_count(source: str, count: int, number: str) -> str:
    """Choose the English plural form, and put the number in the place of %n.

    "%n class(es)" has an ending that is left out for one; "(is|are)" has two forms.
    """
    singular = 1 if count == 1 else 2
    chosen = re.sub(r"\((\w*)\|(\w*)\)", lambda match: match[singular], source)
    chosen = re.sub(r"(?<=\w)\((s|es)\)", "" if count == 1 else r"\1", chosen)
    return chosen.replace("%n", number)


def decimal_text(number: float, digits: int | None = None) -> str:
    """Write a number without an exponent: "0.00001".

    Args:
        digits: Significant ones; None for all that it has.
    """
    # Imported late: every command loads this file, and few write small numbers.
    from decimal import Decimal

    text = repr(number) if digits is None else f"{number:.{digits}g}"
    return f"{Decimal(text):f}" if "e" in text else text
