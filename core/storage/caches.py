"""The caches of Fieldguide: their sizes, and how to clear them."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from core.errors import StorageError
from core.storage.app_dirs import cache_dir
from core.storage.folder_size import folder_bytes
from core.storage.storage_message import storage_message
from core.text import Text

# Name, title, and the files and folders below the cache's folder.
_CACHES = (
    ("features", Text("Feature vectors"), ("features",)),
    ("thumbnails", Text("Thumbnails"), ("thumbnails.sqlite", "pictures.sqlite")),
    ("archives", Text("Unpacked archives"), ("archives", "backbone-archives")),
    ("backbones", Text("Prepared backbones"), ("backbones",)),
    ("downloads", Text("Downloads"), ("hub",)),
)
CACHE_NAMES = tuple(name for name, _, _ in _CACHES)
_DATABASE_ENDINGS = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Cache:
    """Files of one kind that can be made again.

    Attributes:
        name: To clear it by.
        title: For users.
        folder: Its folder, or the file.
        size_bytes: Of all its files.
    """

    name: str
    title: str
    folder: Path
    size_bytes: int


def list_caches() -> list[Cache]:
    """List all caches, empty ones too."""
    return [
        Cache(name, title, cache_dir() / parts[0], sum(map(_size, _paths(parts))))
        for name, title, parts in _CACHES
    ]


def clear_cache(name: str) -> None:
    """Remove a cache's files. What is removed is made again when it is needed.

    Not while training is in progress: it reads its feature vectors and archives from there.

    Raises:
        KeyError: If there is no cache of that name.
        StorageError: If something can't be removed.
    """
    parts = {one: parts for one, _, parts in _CACHES}[name]
    for path in _paths(parts):
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(storage_message("remove", path, error)) from error


def _paths(parts: tuple[str, ...]) -> list[Path]:
    paths = []
    for part in parts:
        endings = _DATABASE_ENDINGS if part.endswith(".sqlite") else ("",)
        paths += [cache_dir() / (part + ending) for ending in endings]
    return paths


def _size(path: Path) -> int:
    try:
        return folder_bytes(path) if path.is_dir() else path.stat().st_size
    except OSError:
        return 0
