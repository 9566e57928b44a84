"""Choices that settings offer."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A choice that a setting offers; its value is what is stored and typed.

    Attributes:
        text: What users read: a `Text`, or a name that is the same in all languages.
    """

    text: str

    def __new__(cls, value: str, text: str = "") -> Self:
        """Make a member that is its value; its text stands beside it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = text
        return member
