"""Paths in a project file: absolute, and relative to the project's folder too."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def path_to_json(path: Path, folder: Path) -> dict[str, Any]:
    """Return a path as JSON values, to be stored in a file in `folder`."""
    absolute = path.absolute()
    values = {"path": str(absolute)}
    try:
        values["relative"] = os.path.relpath(absolute, folder.absolute())
    except ValueError:  # on another drive
        return values
    return values


def path_from_json(content: Mapping[str, object], folder: Path) -> tuple[Path, Path]:
    """Read a stored path, and find where it is now.

    A project that was moved or copied together with its images finds them by the relative
    path; the absolute one is tried first, and returned if neither exists.

    Raises:
        ValueError: If it is no path.
    """
    absolute = Path(_text(content.get("path")))
    if not absolute.is_absolute():
        raise ValueError(f"A path must be absolute. Received: {str(absolute)!r}")
    relative = content.get("relative")
    if relative is None or os.path.lexists(absolute):
        return absolute, absolute
    beside = Path(os.path.normpath(folder.absolute() / _text(relative)))
    return absolute, beside if os.path.lexists(beside) else absolute


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"A path must be a text. Received: {value!r}")
    return value
