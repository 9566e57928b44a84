"""The images of the project in the grid: rows of a table, chosen by filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.data.dataset import FindingKind
from core.data.edits.edited_images import EditedImages
from gui.image_views.image_roles import ImageRole
from gui.look.language import shown, tr
from gui.look.theme import class_color
from gui.widgets.plain_text import plain_data

Index = QModelIndex | QPersistentModelIndex


class ImageFilter(StrEnum):
    """Which images of a class are shown."""

    ALL = "all"
    INCLUDED = "included"
    EXCLUDED = "excluded"
    UNREADABLE = "unreadable"
    DUPLICATES = "duplicates"
    CONFLICTS = "conflicts"
    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"


FINDINGS_OF = {
    ImageFilter.UNREADABLE: {FindingKind.UNREADABLE, FindingKind.NOT_AN_IMAGE},
    ImageFilter.DUPLICATES: {FindingKind.DUPLICATE, FindingKind.NEAR_DUPLICATE},
    ImageFilter.CONFLICTS: {FindingKind.LABEL_CONFLICT, FindingKind.SPLIT_LEAK},
}
_MOST_SEVERE_FIRST = (
    FindingKind.UNREADABLE,
    FindingKind.NOT_AN_IMAGE,
    FindingKind.LABEL_CONFLICT,
    FindingKind.SPLIT_LEAK,
    FindingKind.DUPLICATE,
    FindingKind.NEAR_DUPLICATE,
    FindingKind.FLAT,
    FindingKind.MANY_PAGES,
)
_SEVERITY = {kind: place for place, kind in enumerate(_MOST_SEVERE_FIRST)}
_SPLIT_FILTERS = (ImageFilter.TRAINING, ImageFilter.VALIDATION, ImageFilter.TEST)


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A finding of the image check about an image."""

    kind: FindingKind
    detail: str


class ProjectImagesModel(QAbstractListModel):
    """Keep only row numbers; data is made on demand."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._images: EditedImages | None = None
        self._findings: Mapping[int, Sequence[RowFinding]] = {}
        self._splits: NDArray[np.int8] | None = None
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)
        self._label = ""
        self._text = ""
        self._filter = ImageFilter.ALL

    def set_images(self, images: EditedImages | None) -> None:
        """Show other images, or the same ones after an edit."""
        if images is None or self._images is None or images.table is not self._images.table:
            self._findings, self._splits = {}, None
        self._images = images
        self._choose()

    def set_findings(self, findings: Mapping[int, Sequence[RowFinding]]) -> None:
        """Set the findings, by row of the table; the badge is that of a row's most severe."""
        self._findings = findings
        if self._filter in FINDINGS_OF:
            self._choose()
        elif len(self._rows):
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def set_splits(self, splits: NDArray[np.int8] | None) -> None:
        """Set the split of each image in the last run; see `ImageTable.splits`."""
        self._splits = splits
        if self._filter in _SPLIT_FILTERS:
            self._choose()

    def choose(
        self,
        *,
        label: str | None = None,
        text: str | None = None,
        shown: ImageFilter | None = None,
    ) -> None:
        """Change the filters.

        Args:
            label: A class, "" for all; None keeps the current one.
            text: Part of the file name; case is ignored.
            shown: The filter.
        """
        self._label = self._label if label is None else label
        self._text = self._text if text is None else text.casefold()
        self._filter = self._filter if shown is None else shown
        self._choose()

    def path_at(self, row: int) -> Path:
        """Return the image in a row of the view."""
        assert self._images is not None
        return self._images.table.path(int(self._rows[row]))

    def position_of(self, path: Path) -> int:
        """Return the row of the view that shows an image; -1 if none does."""
        if self._images is None:
            return -1
        row = self._images.table.rows_of([path]).get(path)
        if row is None:
            return -1
        found = np.flatnonzero(self._rows == row)
        return int(found[0]) if len(found) else -1

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._images is None:
            return None
        row = int(self._rows[index.row()])
        images = self._images
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return images.table.names[row]
            case ImageRole.PATH:
                return images.table.path(row)
            case ImageRole.DIMMED:
                return bool(images.excluded[row])
            case ImageRole.COLOR:
                return class_color(int(images.class_indices[row]))
            case ImageRole.BADGE:
                return self._badge(row)
            case ImageRole.BADGE_SEVERITY:
                return "warning" if row in self._findings else "info"
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return plain_data(self._explanation(row), role)
        return None

    def _badge(self, row: int) -> str:
        if self._images is not None and self._images.excluded[row]:
            return tr("excluded")
        kinds = [finding.kind for finding in self._findings.get(row, ()) if finding.kind.badge]
        if not kinds:
            return ""
        worst = min(kinds, key=lambda kind: _SEVERITY.get(kind, len(_SEVERITY)))
        return shown(worst.badge)

    def _explanation(self, row: int) -> str:
        assert self._images is not None
        lines = [str(self._images.table.path(row))]
        lines.append(self._images.labels[int(self._images.class_indices[row])])
        lines += [shown(finding.detail) for finding in self._findings.get(row, ())]
        return "\n".join(lines)

    def _choose(self) -> None:
        self.beginResetModel()
        self._rows = self._chosen_rows()
        self.endResetModel()

    def _chosen_rows(self) -> NDArray[np.intp]:
        images = self._images
        if images is None:
            return np.zeros(0, np.intp)
        wanted = images.class_indices >= 0
        if self._label:
            labels = images.labels
            index = labels.index(self._label) if self._label in labels else -1
            wanted &= images.class_indices == index
        wanted &= self._passes_filter(images)
        rows = np.flatnonzero(wanted)
        if self._text:
            names = images.table.names
            rows = rows[[self._text in names[row].casefold() for row in rows]]
        return rows[np.argsort(images.class_indices[rows], kind="stable")]

    def _passes_filter(self, images: EditedImages) -> NDArray[np.bool_]:
        match self._filter:
            case ImageFilter.ALL:
                return np.ones(len(images.table), np.bool_)
            case ImageFilter.INCLUDED:
                return ~images.excluded
            case ImageFilter.EXCLUDED:
                return images.excluded
            case ImageFilter.UNREADABLE | ImageFilter.DUPLICATES | ImageFilter.CONFLICTS:
                kinds = FINDINGS_OF[self._filter]
                rows = [
                    row
                    for row, findings in self._findings.items()
                    if any(finding.kind in kinds for finding in findings)
                ]
                found = np.zeros(len(images.table), np.bool_)
                found[rows] = True
                return found
            case ImageFilter.TRAINING | ImageFilter.VALIDATION | ImageFilter.TEST:
                if self._splits is None:
                    return np.zeros(len(images.table), np.bool_)
                in_split: NDArray[np.bool_] = self._splits == _SPLIT_FILTERS.index(self._filter)
                return in_split
            case _:
                assert_never(self._filter)
