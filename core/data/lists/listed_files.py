"""Finds the files that a list names, also where the list was written on another computer."""

import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath

from core.data.files.image_files import has_image_suffix

_Parts = tuple[str, ...]
_MOST_FILES = 1_000_000  # below a list's folder; beyond, only paths that are right are found


class ListedFiles:
    """The files that the paths of a list mean.

    A path that leads nowhere as it stands is looked for below the list's folder: in other case or
    Unicode form, without the folders of another computer, in a sub-folder, or as a name that lacks
    its suffix. A file is taken only if it is the one that fits best.

    Args:
        folder: The list's folder; absolute.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, text: str) -> Path:
        """Return the file that a path of the list means.

        Raises:
            FileNotFoundError: If there is none, or several fit.
        """
        for spelling in _spellings(text):
            if _is_file(self._folder / spelling):
                return self._folder / spelling
        found = {path for spelling in _spellings(text) if (path := self._best(spelling))}
        if len(found) == 1:
            return found.pop()
        raise FileNotFoundError(str(self._folder / list(_spellings(text))[-1]))

    def _best(self, text: str) -> Path | None:
        wanted = tuple(map(_key, PurePosixPath(text).parts))
        if not wanted:
            return None
        candidates = self._by_name.get(wanted[-1], [])
        if not candidates and not has_image_suffix(text):
            candidates = self._by_stem.get(wanted[-1], [])
        fits = [(_num_equal_folders(wanted, parts), parts) for parts in candidates]
        most = max((count for count, _ in fits), default=0)
        best = [parts for count, parts in fits if count == most]
        if len(best) != 1:
            return None
        # Either the list leaves out folders, or it begins with those of another computer. In a
        # relative path all count: `train/1.jpg` is no other `1.jpg`, nor is `/x/cat/1.jpg`
        # `dog/1.jpg`.
        is_absolute = text.startswith("/") or text[1:2] == ":"
        is_end = most == len(wanted) - 1 or (is_absolute and most == len(best[0]) - 1)
        return self._folder.joinpath(*best[0]) if is_end else None

    @cached_property
    def _files(self) -> list[_Parts]:
        """Files below the folder, each as the names of its folders and its own; [] if too many."""
        found = list(islice(self._walk(), _MOST_FILES + 1))
        return found if len(found) <= _MOST_FILES else []

    @cached_property
    def _by_name(self) -> dict[str, list[_Parts]]:
        found: defaultdict[str, list[_Parts]] = defaultdict(list)
        for parts in self._files:
            found[_key(parts[-1])].append(parts)
        return dict(found)

    @cached_property
    def _by_stem(self) -> dict[str, list[_Parts]]:
        found: defaultdict[str, list[_Parts]] = defaultdict(list)
        for parts in self._files:
            if has_image_suffix(parts[-1]):
                found[_key(Path(parts[-1]).stem)].append(parts)
        return dict(found)

    def _walk(self) -> Iterator[_Parts]:
        for folder, _, names in os.walk(self._folder):
            parts = Path(folder).relative_to(self._folder).parts
            yield from ((*parts, name) for name in names)


def _spellings(text: str) -> Iterator[str]:
    """A path as it stands, with slashes for backslashes, and read as Windows-1252."""
    readings = [text]
    if (other := as_windows_text(text)) != text:
        readings.append(other)
    for reading in readings:
        yield reading
        if "\\" in reading:
            yield reading.replace("\\", "/")


def as_windows_text(text: str) -> str:
    """Return a text that was no UTF-8 as the Windows-1252 that it mostly is.

    Args:
        text: Decoded with `surrogateescape`.
    """
    if text.isascii() or not any("\udc80" <= sign <= "\udcff" for sign in text):
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("cp1252")
    except UnicodeDecodeError:
        return text


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _num_equal_folders(wanted: _Parts, parts: _Parts) -> int:
    """How many folders of two paths are equal, counted from the file upwards."""
    count = 0
    for one, other in zip(reversed(wanted[:-1]), reversed(parts[:-1]), strict=False):
        if one != _key(other):
            break
        count += 1
    return count


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
