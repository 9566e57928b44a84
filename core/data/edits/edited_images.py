"""Scanned images with the user's edits, as the window shows them."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.class_names import natural_key
from core.data.edits.edits import Edits
from core.data.edits.image_table import ImageTable

REMOVED = -1
"""In `EditedImages.class_indices`: the image was removed from its class."""


class EditedImages:
    """A table's images in their current classes; quick while there are few edits.

    Args:
        table: As scanned.
        edits: Changes since then.

    Attributes:
        labels: Current class names, in natural order. A scanned class whose images were all
            moved away stays, so that they can be moved back.
        class_indices: Position in `labels`, by row of the table; `REMOVED` for none.
        excluded: Whether the image is excluded from training, by row.
        counts: Included images, by label.
    """

    def __init__(self, table: ImageTable, edits: Edits) -> None:
        self.table, self.edits = table, edits
        # Looked up once, since it takes most of the time.
        edited = table.find(edits.image_labels.keys() | edits.excluded)
        moved = _moved(edited, edits)
        names = [edits.class_names.get(label, label) for label in table.labels]
        present = {name for name in (*names, *moved.values()) if name is not None}
        self.labels = tuple(sorted(present, key=natural_key))
        self.class_indices = self._class_indices(names, moved)
        self.excluded = np.zeros(len(table), np.bool_)
        self.excluded[[row for row, path in edited if path in edits.excluded]] = True
        taking_part = self.class_indices[~self.excluded & (self.class_indices != REMOVED)]
        self.counts: NDArray[np.int64] = np.bincount(taking_part, minlength=len(self.labels))

    def label(self, row: int) -> str | None:
        """Return the current class of an image; `None` if it was removed."""
        index = self.class_indices[row]
        return None if index == REMOVED else self.labels[index]

    def rows(self, label: str | None = None) -> NDArray[np.int64]:
        """Return the rows of a class, or of all classes, excluded images too."""
        if label is None:
            return np.flatnonzero(self.class_indices != REMOVED)
        if label not in self.labels:
            return np.empty(0, np.int64)
        return np.flatnonzero(self.class_indices == self.labels.index(label))

    def _class_indices(
        self, names: list[str | None], moved: dict[int, str | None]
    ) -> NDArray[np.int32]:
        position: dict[str | None, int] = {name: index for index, name in enumerate(self.labels)}
        position[None] = REMOVED
        by_scanned = np.array([position[name] for name in names], np.int32)
        indices: NDArray[np.int32] = by_scanned[self.table.class_indices]
        for row, name in moved.items():
            indices[row] = position[name]
        return indices


def _moved(edited: Iterable[tuple[int, Path]], edits: Edits) -> dict[int, str | None]:
    """Class now, by row, of the images that were moved one by one."""
    moved: dict[int, str | None] = {}
    placed: set[Path] = set()
    for row, path in edited:
        if path in edits.image_labels:
            # A file that was found in two classes is in one when it was moved.
            moved[row] = None if path in placed else edits.image_labels[path]
            placed.add(path)
    return moved
