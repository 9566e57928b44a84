"""Labelled images in columns, small and quick to send between processes."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Dataset, Split

UNDECIDED = -1
"""In `ImageTable.splits`: no prepared folder or list says where the image belongs."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageTable:
    """Scanned images, a row each, in the dataset's order; 100,000 take a few megabytes.

    A file that was found in two classes has a row in each.

    Attributes:
        labels: Class names as scanned.
        folders: Absolute folders that hold images.
        names: File name, by row.
        folder_indices: Position in `folders`, by row.
        class_indices: Position in `labels`, by row.
        splits: Position in `tuple(Split)`, by row; `UNDECIDED` where nothing says.
    """

    labels: tuple[str, ...]
    folders: tuple[str, ...]
    names: tuple[str, ...]
    folder_indices: NDArray[np.int32]
    class_indices: NDArray[np.int32]
    splits: NDArray[np.int8]

    @classmethod
    def from_dataset(cls, dataset: Dataset) -> Self:
        """Make a table of the images of a scan, without its findings."""
        folders: dict[str, int] = {}
        names: list[str] = []
        folder_indices: list[int] = []
        for image in dataset.images:
            folder, name = os.path.split(image.path)
            names.append(name)
            folder_indices.append(folders.setdefault(folder, len(folders)))
        codes = {split: position for position, split in enumerate(Split)}
        splits = [codes[image.split] if image.split else UNDECIDED for image in dataset.images]
        classes = [image.class_index for image in dataset.images]
        return cls(
            labels=dataset.labels,
            folders=tuple(folders),
            names=tuple(names),
            folder_indices=np.array(folder_indices, np.int32),
            class_indices=np.array(classes, np.int32),
            splits=np.array(splits, np.int8),
        )

    def __len__(self) -> int:
        return len(self.names)

    def path(self, row: int) -> Path:
        """Return the path of an image."""
        return Path(self.folders[self.folder_indices[row]], self.names[row])

    def find(self, paths: Collection[Path]) -> list[tuple[int, Path]]:
        """Find all rows of some images, with their paths, in row order."""
        if not paths:
            return []
        wanted = {os.path.split(path): path for path in paths}
        wanted_names = {name for _, name in wanted}
        # A look at every name beats an index of paths, which takes far longer to make.
        rows = [row for row, name in enumerate(self.names) if name in wanted_names]
        places = ((row, (self.folders[self.folder_indices[row]], self.names[row])) for row in rows)
        return [(row, wanted[place]) for row, place in places if place in wanted]

    def rows_of(self, paths: Collection[Path]) -> dict[Path, int]:
        """Find the first row of each of some images; those without a row are left out."""
        rows: dict[Path, int] = {}
        for row, path in self.find(paths):
            rows.setdefault(path, row)
        return rows

    def labels_below(self, folder: Path) -> set[str]:
        """Find the scanned classes that have images in a folder or below it."""
        parts = folder.parts
        below = [
            position
            for position, name in enumerate(self.folders)
            if Path(name).parts[: len(parts)] == parts
        ]
        classes = np.unique(self.class_indices[np.isin(self.folder_indices, below)])
        return {self.labels[index] for index in classes.tolist()}

    def same_as(self, other: "ImageTable") -> bool:
        """Tell whether both hold the same images in the same classes and splits."""
        return (
            (self.labels, self.folders, self.names) == (other.labels, other.folders, other.names)
            and np.array_equal(self.folder_indices, other.folder_indices)
            and np.array_equal(self.class_indices, other.class_indices)
            and np.array_equal(self.splits, other.splits)
        )
