"""The image files that a user means by naming files and folders."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.data.files.image_files import absolute_path
from core.data.folders.folder_tree import FolderReader
from core.errors import DatasetError
from core.image_fault import ImageFault
from core.text import Text


class UnusablePathError(DatasetError):
    """A path leads nowhere or to a folder without images.

    Attributes:
        reason: Why it can't be used, worded to follow its name, as with unusable images.
    """

    def __init__(self, message: Text, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


def image_files(paths: Sequence[Path]) -> Iterator[Path]:
    """List files as they are named, and for each folder all images in it and below it.

    A named file counts whatever its suffix: whether it is an image is seen when it is read.

    Raises:
        UnusablePathError: At once, if a path leads nowhere or a folder holds no image.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += _images_below(path)
        elif path.exists():
            files.append(path)
        else:
            message = Text("There is no file or folder %1. Check the name.", str(path))
            raise UnusablePathError(message, ImageFault.MISSING.reason())
    return iter(files)


def _images_below(folder: Path) -> list[Path]:
    tree = FolderReader().read(absolute_path(folder))
    found = [Path(part.path, name) for part in tree.walk() for name in part.image_names]
    if not found:
        left_out = tree.all_left_out()
        message = left_out.nothing_found_text(str(folder))
        raise UnusablePathError(message, left_out.nothing_found_reason())
    return found
