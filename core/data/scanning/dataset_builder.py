"""Collect labelled images, each file once, in order."""

import os
from collections.abc import Sequence
from pathlib import Path

from core.data.class_names import natural_key
from core.data.dataset import Dataset, Finding, FindingKind, LabeledImage, Split
from core.data.folders.folder_tree import FolderTree
from core.data.scanning.class_findings import class_findings
from core.text import Text


class DatasetBuilder:
    """Collects images by class; a file that is reached by several paths counts once."""

    def __init__(self) -> None:
        self._images: dict[str, list[tuple[str, Split | None]]] = {}
        self._seen: dict[str, tuple[str, Split | None]] = {}
        self._conflicts: set[tuple[str, str]] = set()
        self._real_folders: dict[str, str] = {}
        self._empty: dict[str, FolderTree] = {}
        self._findings: list[Finding] = []

    def add_tree(self, tree: FolderTree, label: str, split: Split | None) -> int:
        """Add all the images in a folder and below it to one class; return how many are new."""
        is_empty, num_before = True, len(self._seen)
        for folder in tree.walk():
            for name in folder.image_names:
                is_empty = False
                self.add_image(os.path.join(folder.path, name), label, split)  # noqa: PTH118
        if is_empty:
            self._empty.setdefault(label, tree)
        return len(self._seen) - num_before

    def add_image(self, path: str, label: str, split: Split | None) -> None:
        """Add one image file by its absolute path."""
        real = self._real_path(path)
        earlier = self._seen.get(real)
        if earlier is None:
            self._seen[real] = (label, split)
            self._images.setdefault(label, []).append((path, split))
        elif earlier[0] != label:
            self._add_conflict(path, real, label, split)
        elif earlier[1] != split and earlier[1] and split:
            detail = Text(
                "The same file is in the %1 and the %2 split; it counts once.",
                earlier[1].text,
                split.text,
            )
            self._findings.append(Finding(Path(path), FindingKind.SPLIT_LEAK, detail))

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes that have images, in the dataset's order."""
        return tuple(sorted(self._images, key=natural_key))

    @property
    def empty_folders(self) -> list[FolderTree]:
        """The folders of classes that have no images."""
        return [tree for label, tree in self._empty.items() if label not in self._images]

    def dataset(
        self, findings: Sequence[Finding], named_labels: frozenset[str] = frozenset()
    ) -> Dataset:
        """Make the dataset of all that was added; `findings` come before its own."""
        labels = self.labels
        images = tuple(
            LabeledImage(Path(path), index, split)
            for index, label in enumerate(labels)
            for path, split in sorted(self._images[label], key=lambda image: image[0])
        )
        unreadable = {f.path for f in findings if f.kind is FindingKind.UNREADABLE_FOLDER}
        empty = [f for f in self._empty_findings() if f.path not in unreadable]
        of_classes = class_findings(labels, images)
        return Dataset(
            labels, images, (*findings, *self._findings, *empty, *of_classes), named_labels
        )

    def _add_conflict(self, path: str, real: str, label: str, split: Split | None) -> None:
        """Keep the file in both classes: a scan can't tell which one is right."""
        if (real, label) in self._conflicts:
            return
        self._conflicts.add((real, label))
        self._images.setdefault(label, []).append((path, split))
        first = self._seen[real][0]
        detail = Text("The same file is in the classes “%1” and “%2”.", first, label)
        self._findings.append(Finding(Path(path), FindingKind.LABEL_CONFLICT, detail))

    def _empty_findings(self) -> list[Finding]:
        return [
            Finding(
                Path(tree.path),
                FindingKind.EMPTY_CLASS,
                tree.all_left_out().empty_class_text(label),
            )
            for label, tree in sorted(self._empty.items(), key=lambda item: natural_key(item[0]))
            if label not in self._images
        ]

    def _real_path(self, path: str) -> str:
        """`path` without links; folders are looked up once, which makes this cheap per file."""
        folder, name = os.path.split(path)
        real_folder = self._real_folders.get(folder)
        if real_folder is None:
            real_folder = self._real_folders[folder] = os.path.realpath(folder)
        joined = os.path.join(real_folder, name)  # noqa: PTH118 - twice as fast as Path
        return os.path.realpath(joined) if os.path.islink(joined) else joined  # noqa: PTH114
