"""The folders and image names below one folder, read once with bounded work."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.data.dataset import Finding, FindingKind
from core.data.files.image_files import has_image_suffix, is_hidden
from core.data.files.left_out import LeftOut
from core.data.files.other_content import OtherContent
from core.data.files.recognition import content_by_name, content_of_file
from core.text import Text

_MAX_DEPTH = 100
"""Deeper folders are not searched; also keeps recursion within Python's own limit."""

_MAX_VISITS = 8
"""How often links may lead to the same folder, so that links can't make a tree endless."""

_PROGRESS_EVERY = 500
"""Files that are opened between two reports, since opening some on a network takes a while."""


@dataclass(slots=True, eq=False)
class FolderTree:
    """A folder and its contents.

    Attributes:
        path: Absolute, as reached; links in it are not resolved.
        name: Last part of the path, or another name for an extracted archive.
        image_names: Names of the images directly in it.
        folders: Its sub-folders in name order, hidden ones left out.
        left_out: Files directly in it that are no images.
    """

    path: str
    name: str
    image_names: list[str] = field(default_factory=list)
    folders: list["FolderTree"] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=LeftOut)

    def walk(self) -> Iterator["FolderTree"]:
        """This folder and all below it."""
        yield self
        for folder in self.folders:
            yield from folder.walk()

    def num_images(self) -> int:
        """Images in this folder and all below it."""
        return sum(len(folder.image_names) for folder in self.walk())

    def all_left_out(self, without: Collection["FolderTree"] = ()) -> LeftOut:
        """Files in this folder and all below it, but not in some of those, that are no images."""
        found = LeftOut()
        found.add_all(self.left_out)
        for folder in self.folders:
            if folder not in without:
                found.add_all(folder.all_left_out(without))
        return found


class FolderReader:
    """Reads folder trees, and keeps the problems in `findings`.

    Names decide where they can, so 100,000 files take a second. Files without a suffix or with
    an unknown one are opened for their first bytes.
    """

    def __init__(self, on_progress: Callable[[int], None] | None = None) -> None:
        self.findings: list[Finding] = []
        self._on_progress = on_progress
        self._num_images = 0
        self._num_opened = 0
        self._visits: Counter[tuple[int, int]] = Counter()

    def read(self, path: Path, name: str | None = None) -> FolderTree:
        """Read the tree below `path`; a folder that can't be read becomes a finding."""
        self._visits.clear()
        tree = FolderTree(os.fspath(path), path.name if name is None else name)
        self._fill(tree, ())
        return tree

    def _fill(self, tree: FolderTree, ancestors: tuple[tuple[int, int], ...]) -> None:
        try:
            status = os.stat(tree.path)  # noqa: PTH116 - a Path an entry would double the time
            identity = (status.st_dev, status.st_ino)
            if not self._may_enter(tree.path, identity, ancestors):
                return
            with os.scandir(tree.path) as entries:
                for entry in entries:
                    self._sort_in(tree, entry)
        except OSError as error:
            reason = Text("This folder can't be read: %1.", error.strerror or str(error))
            self._report(tree.path, FindingKind.UNREADABLE_FOLDER, reason)
            return
        tree.image_names.sort()
        tree.folders.sort(key=lambda folder: folder.name)
        self._num_images += len(tree.image_names)
        if self._on_progress:
            self._on_progress(self._num_images)
        for folder in tree.folders:
            self._fill(folder, (*ancestors, identity))

    def _may_enter(
        self, path: str, identity: tuple[int, int], ancestors: tuple[tuple[int, int], ...]
    ) -> bool:
        self._visits[identity] += 1
        if identity in ancestors:
            detail = Text("This link leads back to a folder that it lies in; it is not followed.")
        elif len(ancestors) >= _MAX_DEPTH:
            detail = Text(
                "This folder lies more than %1 folders deep; it is not searched.", _MAX_DEPTH
            )
        elif self._visits[identity] > _MAX_VISITS:
            detail = Text(
                "Links lead to this folder more than %1 times; it is left out.", _MAX_VISITS
            )
        else:
            return True
        self._report(path, FindingKind.LINK_LOOP, detail)
        return False

    def _sort_in(self, tree: FolderTree, entry: os.DirEntry[str]) -> None:
        name = entry.name
        if is_hidden(name):
            return
        try:
            if entry.is_dir():
                tree.folders.append(FolderTree(entry.path, name))
            elif entry.is_file():
                if has_image_suffix(name):
                    tree.image_names.append(name)
                else:
                    self._look_at(tree, entry)
            elif not entry.is_symlink():
                tree.left_out.add(OtherContent.NO_FILE, name, by_name=False)
            elif has_image_suffix(name):
                detail = Text("This link leads to no file.")
                self._report(entry.path, FindingKind.MISSING, detail)
            else:
                tree.left_out.add(OtherContent.BROKEN_LINK, name, by_name=False)
        except OSError as error:
            detail = Text("This can't be read: %1.", error.strerror or str(error))
            self._report(entry.path, FindingKind.MISSING, detail)

    def _look_at(self, tree: FolderTree, entry: os.DirEntry[str]) -> None:
        """Sort in a file that isn't named like an image."""
        content = content_by_name(entry.name)
        if content is not None:
            tree.left_out.add(content, entry.name, by_name=True)
            return
        self._num_opened += 1
        if self._on_progress and self._num_opened % _PROGRESS_EVERY == 0:
            self._on_progress(self._num_images)
        content = content_of_file(entry.path)
        if content is None:
            tree.image_names.append(entry.name)
        else:
            tree.left_out.add(content, entry.name, by_name=False)

    def _report(self, path: str, kind: FindingKind, detail: str) -> None:
        self.findings.append(Finding(Path(path), kind, detail))
