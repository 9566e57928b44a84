"""Copy classified images into a folder for each class; the originals stay."""

import errno
import filecmp
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from core.batch.folder_names import folder_names, unknown_folder_name
from core.errors import StorageError
from core.models.named_image import NamedImage
from core.storage.storage_message import storage_message
from core.text import Text

# After these no other image can be copied either.
_HOPELESS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
# Left free on the disk for other programs.
_SPARED_BYTES = 50 << 20
_BLOCK_SIZE = 1 << 20


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """The copies to be made.

    Attributes:
        targets: Folder name and images that go there, in the order of the classes; the unknown
            last.
        num_bytes: Of all these images.
        free_bytes: On the disk that the copies go to.
        num_unusable: Images that could not be classified, and are not copied.
    """

    targets: tuple[tuple[str, tuple[Path, ...]], ...]
    num_bytes: int
    free_bytes: int
    num_unusable: int

    @property
    def num_images(self) -> int:
        """Images that are to be copied."""
        return sum(len(paths) for _, paths in self.targets)

    @property
    def has_room(self) -> bool:
        """Whether the disk has room for all of them, and some to spare."""
        return self.num_bytes + _SPARED_BYTES <= self.free_bytes


@dataclass(slots=True)
class CopySummary:
    """The result of copying.

    Attributes:
        num_copied: New files.
        num_present: Images whose copy existed already.
        failed: Images that could not be copied, with the reason.
        folders: New files by folder name.
    """

    num_copied: int = 0
    num_present: int = 0
    failed: list[tuple[Path, str]] = field(default_factory=list)
    folders: Counter[str] = field(default_factory=Counter)


def plan_copies(
    images: Iterable[NamedImage],
    labels: Sequence[str],
    folder: Path,
    *,
    threshold: float,
    with_unknown: bool = True,
) -> CopyPlan:
    """Plan the copies; reads each file's size.

    Args:
        labels: All classes of the model, by which folders are named.
        folder: For the class folders; need not exist.
        threshold: Probability below which an image is unknown.
        with_unknown: Whether these are copied too, into a folder of their own.
    """
    by_label: dict[str, list[Path]] = {label: [] for label in labels}
    unknown: list[Path] = []
    num_unusable = 0
    for image in images:
        if not image.best:
            num_unusable += 1
        elif image.is_unknown(threshold):
            unknown.append(image.path)
        else:
            by_label.setdefault(image.best[0][0], []).append(image.path)
    names = folder_names(by_label)
    targets = [(names[label], tuple(paths)) for label, paths in by_label.items() if paths]
    if with_unknown and unknown:
        targets.append((unknown_folder_name(names), tuple(unknown)))
    num_bytes = sum(_size(path) for _, paths in targets for path in paths)
    return CopyPlan(tuple(targets), num_bytes, _free_bytes(folder), num_unusable)


def copy_into_class_folders(
    plan: CopyPlan, folder: Path, on_progress: Callable[[int], None]
) -> CopySummary:
    """Make the copies of a plan. An image that can't be copied doesn't stop the others.

    A copy that exists already with the same content isn't made again; another file of the same
    name stays, and the copy gets a number.

    Args:
        folder: As planned for; made if need be.
        on_progress: Called with the number of images done so far; what it raises ends the work,
            and the copies made so far stay.

    Raises:
        StorageError: If there is not enough room, or the folder can't be written.
    """
    if not plan.has_room:
        raise StorageError(
            Text(
                "There is not enough room in %1: the pictures need %2 and %3 are free. Free some "
                "space, or choose a folder on another disk.",
                str(folder),
                _megabytes(plan.num_bytes),
                _megabytes(plan.free_bytes),
            )
        )
    summary = CopySummary()
    for done, (name, path) in enumerate(_pairs(plan), 1):
        _copy(path, folder / name, summary)
        on_progress(done)
    return summary


def copy_into(source: Path, folder: Path) -> bool:
    """Copy a file, with its times, under its own name or one with a number.

    Args:
        folder: Must exist.

    Returns:
        Whether it was copied; False if a file with the same content exists already.

    Raises:
        OSError: If the source can't be read or the copy not be written; nothing is left then.
    """
    for target in _candidates(folder, source.name):
        if os.path.lexists(target):  # a dangling link is in the way too
            if target.is_file() and filecmp.cmp(source, target, shallow=False):
                return False
            continue
        _write_copy(source, target)
        return True
    raise AssertionError("names don't run out")


def _pairs(plan: CopyPlan) -> Iterator[tuple[str, Path]]:
    return ((name, path) for name, paths in plan.targets for path in paths)


def _copy(path: Path, target: Path, summary: CopySummary) -> None:
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(storage_message("make", target, error)) from error
    try:
        if copy_into(path, target):
            summary.num_copied += 1
            summary.folders[target.name] += 1
        else:
            summary.num_present += 1
    except OSError as error:
        if error.errno in _HOPELESS or not os.access(target, os.W_OK):
            raise StorageError(storage_message("write into", target, error)) from error
        summary.failed.append((path, _reason(error)))


def _reason(error: OSError) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text("is not there any more")
    return Text("can't be copied: %1", error.strerror or str(error))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _free_bytes(folder: Path) -> int:
    """Return the free space on the disk of the nearest folder that exists."""
    for place in (folder, *folder.absolute().parents):
        try:
            return shutil.disk_usage(place).free
        except OSError:
            continue
    return 0


def _megabytes(num_bytes: int) -> str:
    return f"{num_bytes / 1e6:,.1f} MB"


def _candidates(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    for number in count(2):
        yield folder / f"{Path(name).stem} ({number}){Path(name).suffix}"


def _write_copy(source: Path, target: Path) -> None:
    partial = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with source.open("rb") as content, partial.open("xb") as copy:
            shutil.copyfileobj(content, copy, _BLOCK_SIZE)
        # Some file systems have no times and permissions: the image is copied without them.
        with suppress(OSError):
            shutil.copystat(source, partial)
        partial.rename(target)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
