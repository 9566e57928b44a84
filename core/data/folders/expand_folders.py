"""The image files that a user means by naming files and folders."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.data.files.image_files import absolute_path
from core.data.files.left_out import LeftOut
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


def image_files(paths: Sequence[Path], left_out: LeftOut | None = None) -> Iterator[Path]:
    """List files as they are named, and for each folder all images in it and below it.

    A named file counts whatever its suffix: whether it is an image is seen when it is read.

    Args:
        paths: Files and folders.
        left_out: Counts the other files in the folders.

    Raises:
        UnusablePathError: At once, if a path leads nowhere or a folder holds no image.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += _images_below(path, left_out)
        elif path.exists():
            files.append(path)
        else:
            message = Text("There is no file or folder %1. Check the name.", str(path))
            raise UnusablePathError(message, ImageFault.MISSING.reason())
    return iter(files)


def _images_below(folder: Path, left_out: LeftOut | None) -> list[Path]:
    tree = FolderReader().read(absolute_path(folder))
    found = [Path(part.path, name) for part in tree.walk() for name in part.image_names]
    others = tree.all_left_out()
    if not found:
        raise UnusablePathError(
            others.nothing_found_text(str(folder)), others.nothing_found_reason()
        )
    if left_out is not None:
        left_out.add_all(others)
    return found
