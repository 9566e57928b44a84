"""Sorts dropped or opened paths by what can be done with them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QMimeData

from core.data.archives.extraction import is_archive
from core.data.dataset import ImageSource
from core.data.files.image_files import has_image_suffix
from core.data.files.recognition import content_by_name, is_image_file
from core.data.lists.csv_list import LIST_SUFFIXES
from core.project.project_file import PROJECT_SUFFIX
from gui.look.language import tr, tr_count
from gui.look.wording import counted_images

_MOST_LOOKED_AT = 200
"""Number of dragged paths whose files are opened: a file server may be slow."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Paths by what can be done with them.

    Attributes:
        folders: Class folders or parents of them.
        files: Archives and lists.
        images: Loose images, which need a class.
        project: A project file to open; the rest is then ignored.
    """

    folders: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    images: tuple[Path, ...] = ()
    project: Path | None = None
    others: tuple[Path, ...] = field(default=())

    @classmethod
    def from_paths(cls, paths: Sequence[Path]) -> "Dropped":
        """Sort paths by name, and by first bytes where the name of one doesn't say what it is.

        Beyond `_MOST_LOOKED_AT`, files are taken for images if their names don't say
        otherwise: what they are is seen when they are read.
        """
        folders, files, images, others = [], [], [], []
        for number, path in enumerate(paths):
            if path.suffix.lower() == PROJECT_SUFFIX:
                return cls(project=path)
            if number < _MOST_LOOKED_AT and path.is_dir():
                folders.append(path)
            elif is_archive(path) or path.suffix.lower() in LIST_SUFFIXES:
                files.append(path)
            elif has_image_suffix(path.name):
                images.append(path)
            elif number >= _MOST_LOOKED_AT and path.is_dir():
                folders.append(path)
            elif _may_be_image(path, looks_inside=number < _MOST_LOOKED_AT):
                images.append(path)
            else:
                others.append(path)
        return cls(tuple(folders), tuple(files), tuple(images), None, tuple(others))

    @classmethod
    def from_mime(cls, data: QMimeData) -> "Dropped":
        """Sort what is being dragged; empty if it isn't local files."""
        if not data.hasUrls():
            return cls()
        local = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        return cls.from_paths([Path(path) for path in local])

    @property
    def is_usable(self) -> bool:
        """Whether anything can be done with it."""
        return bool(self.folders or self.files or self.images or self.project)

    def sources(self, label: str) -> tuple[ImageSource, ...]:
        """Return the sources to add to the project.

        Args:
            label: Class of the loose images and, if they were dropped on a class, of all
                folders; "" takes classes from folder names and skips loose images.
        """
        named = label or None
        found = [ImageSource(path, named) for path in self.folders]
        found += [ImageSource(path, named if is_archive(path) else None) for path in self.files]
        if named:
            found += [ImageSource(path, named) for path in self.images]
        return tuple(found)

    def describe(self, label: str = "") -> str:
        """Return what a drop will do, in a few words."""
        if self.project is not None:
            return tr("Open the project “%1”", self.project.stem)
        parts = []
        if self.folders:
            many = tr_count("%n folder(s)", "", len(self.folders))
            one = tr("folder “%1”", self.folders[0].name)
            parts.append(one if len(self.folders) == 1 else many)
        if self.files:
            many = tr_count("%n archive(s) or list(s)", "", len(self.files))
            parts.append(self.files[0].name if len(self.files) == 1 else many)
        if self.images:
            parts.append(counted_images(len(self.images)))
        if not parts:
            return tr("Folders, pictures, archives (.zip, .tar.gz) and lists (.csv) can be dropped")
        names = ", ".join(parts)
        return tr("Add %1 to “%2”", names, label) if label else tr("Add %1", names)


def _may_be_image(path: Path, *, looks_inside: bool) -> bool:
    return is_image_file(path) if looks_inside else content_by_name(path.name) is None
