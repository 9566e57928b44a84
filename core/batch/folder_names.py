"""Folder names for classes that are valid on every system."""

import unicodedata
from collections.abc import Iterable

from core.models.named_image import UNKNOWN

_FORBIDDEN = frozenset('<>:"/\\|?*')
# Windows allows none of these, with any suffix.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "123456789"}
)
_MOST_BYTES = 200
_NAMELESS = "class"


def folder_names(labels: Iterable[str]) -> dict[str, str]:
    """Choose a folder name for each class.

    Two classes never share a folder, not even on systems that ignore case.

    Args:
        labels: Class names, each once.

    Returns:
        By label.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in labels:
        names[label] = _free(safe_name(label), taken)
    return names


def unknown_folder_name(names: dict[str, str]) -> str:
    """Choose a folder name for unknown images that is none of `folder_names`."""
    return _free(UNKNOWN, {_folded(name) for name in names.values()})


def safe_name(label: str) -> str:
    """Remove from a class name what is not valid in folder names on some system; never empty."""
    text = "".join("_" if sign in _FORBIDDEN or not sign.isprintable() else sign for sign in label)
    text = text.strip(" ").rstrip(". ")
    if text.split(".")[0].rstrip().lower() in _RESERVED:
        text = f"_{text}"
    text = text.encode("utf-8", "replace")[:_MOST_BYTES].decode("utf-8", "ignore").rstrip(". ")
    return text if text.strip(".") else _NAMELESS


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while _folded(candidate) in taken:
        number += 1
        candidate = f"{name} ({number})"
    taken.add(_folded(candidate))
    return candidate


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
