"""Copy folders that may come from elsewhere: plain files only, and none from outside of them."""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from core.errors import StorageError
from core.text import Text

_MAX_DEPTH = 100  # folders; `shutil.rmtree`, which has to remove a copy, ends at a thousand


def copy_folder(source: Path, target: Path, on_copied: Callable[[], object] | None = None) -> None:
    """Copy a folder with all files in it; `target` must not be there yet.

    Links to files inside the folder are copied as files, links to folders are refused. Unlike
    `shutil.copytree` it ends with the first file that can't be copied, whose error names it.

    Args:
        on_copied: Called after each file; what it raises ends the work.

    Raises:
        OSError: If something can't be read or written; what was copied stays.
        StorageError: If the folder holds a link that leads out of it, what is neither file nor
            folder, or more than 100 folders in each other.
    """
    require_no_links_out(source)
    target.mkdir(parents=True)
    for path in _below(source):
        place = target / path.relative_to(source)
        if path.is_dir() and not path.is_symlink():
            place.mkdir()
        elif path.is_file():
            shutil.copyfile(path, place)
            if on_copied is not None:
                on_copied()
        else:
            raise StorageError(
                Text(
                    "%1 is neither a file nor a folder, so %2 can't be copied. Remove it.",
                    str(path),
                    str(source),
                )
            )


def require_no_links_out(folder: Path) -> None:
    """Refuse a folder with links that lead out of it: somebody else could have put them there.

    Raises:
        OSError: If it can't be listed.
        StorageError: If there is one.
    """
    root = folder.resolve()
    for path in _below(folder):
        if path.is_symlink() and not _resolved(path).is_relative_to(root):
            raise StorageError(
                Text(
                    "%1 is a link that leads out of %2, so that folder isn't used. If you trust "
                    "it, replace the link by a copy of its target.",
                    str(path),
                    str(folder),
                )
            )


def _below(folder: Path) -> Iterator[Path]:
    """List everything in a folder, a folder before its contents; links are not followed."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            path = Path(entry.path)
            if len(path.parts) - len(folder.parts) > _MAX_DEPTH:
                raise StorageError(
                    Text("%1 has more than %2 folders in each other.", str(folder), _MAX_DEPTH)
                )
            yield path
            if entry.is_dir(follow_symlinks=False):
                waiting.append(path)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve(strict=False)
    except RuntimeError as error:  # Python 3.11 and 3.12 for links in a circle
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
