"""A few pictures that stand for a project."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.data.dataset import ImageSource
from core.data.files.image_files import has_image_suffix, is_hidden

_MOST_LOOKED_AT = 200  # entries of a folder; the first pictures are as good as any
_MOST_FOLDERS = 12


def cover_images(sources: Sequence[ImageSource], count: int = 4) -> tuple[Path, ...]:
    """Return images of a project from as many of its classes as can be, without a scan.

    Args:
        count: Most images.
    """
    folders: list[Iterator[Path]] = []
    for source in sources[:_MOST_FOLDERS]:
        folders += _classes(source.path)
    covers: list[Path] = []
    # One of each class in turn, as long as there are any.
    while folders and len(covers) < count:
        left = []
        for images in folders:
            image = next(images, None)
            if image is not None:
                covers.append(image)
                left.append(images)
        folders = left
    return tuple(covers[:count])


def _classes(path: Path) -> list[Iterator[Path]]:
    if path.is_file():
        return [iter((path,))] if has_image_suffix(path.name) else []
    names = _names(path)
    folders = [path / name for name in names if (path / name).is_dir()][:_MOST_FOLDERS]
    return [_images(path), *map(_images_below, folders)]


def _images_below(folder: Path) -> Iterator[Path]:
    """Yield the images in a folder, then those in the folders in it, as of `train/cats`."""
    yield from _images(folder)
    for name in _names(folder):
        if (folder / name).is_dir():
            yield from _images(folder / name)


def _images(folder: Path) -> Iterator[Path]:
    for name in _names(folder):
        if has_image_suffix(name):
            yield folder / name


def _names(folder: Path) -> list[str]:
    names: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not is_hidden(entry.name):
                    names.append(entry.name)
                if len(names) == _MOST_LOOKED_AT:
                    break
    except OSError:
        return []
    return sorted(names)
