"""Keep images from the camera in a project's folders, one for each class."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

from core.batch.folder_names import safe_name
from core.data.dataset import ImageSource
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_bytes_atomically

SUFFIX = ".jpg"


def captures_folder(project_file: Path | None, begun_at: datetime) -> Path:
    """Return the folder of a project's captures: beside its file, or in the program's own folder.

    Args:
        project_file: None for a project without one.
        begun_at: Names the folder of a project without a file.
    """
    if project_file is None:
        return data_dir() / "captures" / f"{begun_at:%Y-%m-%d %H.%M.%S}"
    return project_file.with_name(f"{project_file.stem} captures")


def class_source(folder: Path, label: str, sources: Sequence[ImageSource]) -> ImageSource:
    """Return the source of a class's captures, the project's own or a new one.

    Args:
        folder: See `captures_folder`.
        label: The class.
        sources: Those of the project; two classes never share a folder.
    """
    # A project from elsewhere may name a source `..`, whose parent only seems to be `folder`.
    ours = [each for each in sources if each.path.parent == folder and each.path.name != ".."]
    for source in ours:
        if source.label == label:
            return source
    taken = {source.path.name.casefold() for source in ours}
    name = safe_name(label)
    names = (name if number == 1 else f"{name} ({number})" for number in count(1))
    return ImageSource(folder / next(n for n in names if n.casefold() not in taken), label)


def save_capture(folder: Path, content: bytes, taken_at: datetime) -> Path:
    """Write an image under its time; no file is overwritten.

    Args:
        folder: Made if need be.
        content: JPEG.

    Raises:
        StorageError: If it can't be written; nothing is left then.
    """
    stem = f"{taken_at:%Y-%m-%d %H.%M.%S}.{taken_at.microsecond // 1000:03}"
    for number in count(1):
        path = folder / (f"{stem}{SUFFIX}" if number == 1 else f"{stem} ({number}){SUFFIX}")
        if not path.exists():
            write_bytes_atomically(path, content)
            return path
    raise AssertionError("names don't run out")
