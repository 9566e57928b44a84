"""The cached facts about a backbone, and the check that they are undamaged."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from core.backbones.backbone import read_info
from core.errors import BackboneError, StorageError
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json
from core.storage.storage_message import storage_message

LITERT_FILE = "model.tflite"
_SEAL_FILE = "complete.json"
_SHA256 = "litert_sha256"
_SCREENED = "is_screened"


def seal(folder: Path) -> None:
    """Note that a folder is complete; the last thing to be written into it.

    Raises:
        StorageError: If it can't be written.
    """
    write_json_atomically(
        folder / _SEAL_FILE, {_SHA256: _sha256(folder / LITERT_FILE), _SCREENED: True}
    )


def is_whole(folder: Path) -> bool:
    """Return whether a folder was completed and its LiteRT twin is still the one that was checked.

    It isn't if an earlier version completed it, which ran SavedModels without screening them.
    """
    try:
        read_info(folder)
        content = read_json(folder / _SEAL_FILE)
        return bool(content[_SCREENED] and content[_SHA256] == _sha256(folder / LITERT_FILE))
    except (OSError, ValueError, KeyError, TypeError, BackboneError):
        return False


def litert_twin(folder: Path) -> Path | None:
    """Return the LiteRT file of a folder, unless the backbone couldn't be converted."""
    path = folder / LITERT_FILE
    return path if path.is_file() else None


@contextmanager
def making(folder: Path) -> Iterator[None]:
    """Let one process at a time see to a folder.

    Raises:
        StorageError: If the folder's parent can't be written.
    """
    lock = FileLock(folder.with_name(folder.name + ".lock"))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except OSError as error:
        raise StorageError(storage_message("write", folder, error)) from error
    try:
        yield
    finally:
        lock.release()


def _sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
