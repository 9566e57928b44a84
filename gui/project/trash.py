"""The system's trash: moves folders there, and brings them back."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFile, QStandardPaths

from core.errors import StorageError
from core.storage.storage_message import storage_message
from core.text import Text

_INFO_SUFFIX = ".trashinfo"


@dataclass(frozen=True, slots=True)
class Trashed:
    """A file or folder in the trash.

    Attributes:
        path: Where it was.
        place: Where it is in the trash.
    """

    path: Path
    place: Path


def move_to_trash(path: Path) -> Trashed:
    """Move a file or folder to the system's trash.

    Raises:
        StorageError: If the system has no trash for it, or it can't be moved; it stays then.
    """
    _make_home_of_trash()
    file = QFile(str(path))
    if not file.moveToTrash():
        raise StorageError(
            Text(
                "%1 can't be moved to the trash: %2. Delete it in the file manager if you don't "
                "need it any more.",
                str(path),
                file.errorString(),
            )
        )
    return Trashed(path, Path(file.fileName()))


def bring_back(trashed: Trashed) -> None:
    """Move a file or folder from the trash to where it was.

    Raises:
        StorageError: If it isn't in the trash any more, or can't be moved.
    """
    if trashed.path.exists():
        message = Text("%1 already exists. Move it away, then try again.", str(trashed.path))
        raise StorageError(message)
    try:
        trashed.path.parent.mkdir(parents=True, exist_ok=True)
        trashed.place.rename(trashed.path)
    except OSError as error:
        raise StorageError(storage_message("use", trashed.place, error)) from error
    # On Linux the trash remembers where each of its files was.
    info = trashed.place.parent.with_name("info") / (trashed.place.name + _INFO_SUFFIX)
    info.unlink(missing_ok=True)


def _make_home_of_trash() -> None:
    """Make the folder that holds the user's trash on Linux: Qt makes none of its parents."""
    location = QStandardPaths.StandardLocation.GenericDataLocation
    with suppress(OSError):  # moving to the trash fails next, and says why
        Path(QStandardPaths.writableLocation(location)).mkdir(parents=True, exist_ok=True)
