"""The pictures of the project in the grid: rows of a table, chosen by filters."""

from collections.abc import Mapping
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
from core.data.edited_pictures import EditedPictures
from gui.look.language import shown, tr
from gui.look.theme import class_color
from gui.pictures.picture_roles import PictureRole
from gui.widgets.plain_text import plain_data

Index = QModelIndex | QPersistentModelIndex


class PictureFilter(StrEnum):
    """Which pictures of a class are shown."""

    ALL = "all"
    INCLUDED = "included"
    EXCLUDED = "excluded"
    UNREADABLE = "unreadable"
    COPIES = "copies"
    CONFLICTS = "conflicts"
    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"


FINDINGS_OF = {
    PictureFilter.UNREADABLE: {FindingKind.UNREADABLE, FindingKind.NOT_AN_IMAGE},
    PictureFilter.COPIES: {FindingKind.DUPLICATE, FindingKind.NEAR_DUPLICATE},
    PictureFilter.CONFLICTS: {FindingKind.LABEL_CONFLICT, FindingKind.SPLIT_LEAK},
}
_SPLIT_FILTERS = (PictureFilter.TRAINING, PictureFilter.VALIDATION, PictureFilter.TEST)


@dataclass(frozen=True, slots=True)
class RowFinding:
    """A finding of the image check about a picture."""

    kind: FindingKind
    detail: str


class ProjectPicturesModel(QAbstractListModel):
    """Keep only row numbers; data is made on demand."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: EditedPictures | None = None
        self._findings: Mapping[int, RowFinding] = {}
        self._splits: NDArray[np.int8] | None = None
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)
        self._label = ""
        self._text = ""
        self._filter = PictureFilter.ALL

    def set_pictures(self, pictures: EditedPictures | None) -> None:
        """Show other pictures, or the same ones after an edit."""
        if pictures is None or self._pictures is None or pictures.table is not self._pictures.table:
            self._findings, self._splits = {}, None
        self._pictures = pictures
        self._choose()

    def set_findings(self, findings: Mapping[int, RowFinding]) -> None:
        """Set the findings, by row of the table."""
        self._findings = findings
        if self._filter in FINDINGS_OF:
            self._choose()
        elif len(self._rows):
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def set_splits(self, splits: NDArray[np.int8] | None) -> None:
        """Set the split of each picture in the last run; see `PictureTable.splits`."""
        self._splits = splits
        if self._filter in _SPLIT_FILTERS:
            self._choose()

    def choose(
        self,
        *,
        label: str | None = None,
        text: str | None = None,
        shown: PictureFilter | None = None,
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
        """Return the picture in a row of the view."""
        assert self._pictures is not None
        return self._pictures.table.path(int(self._rows[row]))

    def position_of(self, path: Path) -> int:
        """Return the row of the view that shows a picture; -1 if none does."""
        if self._pictures is None:
            return -1
        row = self._pictures.table.rows_of([path]).get(path)
        if row is None:
            return -1
        found = np.flatnonzero(self._rows == row)
        return int(found[0]) if len(found) else -1

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._pictures is None:
            return None
        row = int(self._rows[index.row()])
        pictures = self._pictures
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return pictures.table.names[row]
            case PictureRole.PATH:
                return pictures.table.path(row)
            case PictureRole.DIMMED:
                return bool(pictures.excluded[row])
            case PictureRole.COLOR:
                return class_color(int(pictures.class_indices[row]))
            case PictureRole.BADGE:
                return self._badge(row)
            case PictureRole.BADGE_SEVERITY:
                return "warning" if row in self._findings else "info"
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return plain_data(self._explanation(row), role)
        return None

    def _badge(self, row: int) -> str:
        if self._pictures is not None and self._pictures.excluded[row]:
            return tr("excluded")
        finding = self._findings.get(row)
        return "" if finding is None else shown(finding.kind.badge)

    def _explanation(self, row: int) -> str:
        assert self._pictures is not None
        lines = [str(self._pictures.table.path(row))]
        lines.append(self._pictures.labels[int(self._pictures.class_indices[row])])
        if row in self._findings:
            lines.append(shown(self._findings[row].detail))
        return "\n".join(lines)

    def _choose(self) -> None:
        self.beginResetModel()
        self._rows = self._chosen_rows()
        self.endResetModel()

    def _chosen_rows(self) -> NDArray[np.intp]:
        pictures = self._pictures
        if pictures is None:
            return np.zeros(0, np.intp)
        wanted = pictures.class_indices >= 0
        if self._label:
            labels = pictures.labels
            index = labels.index(self._label) if self._label in labels else -1
            wanted &= pictures.class_indices == index
        wanted &= self._passes_filter(pictures)
        rows = np.flatnonzero(wanted)
        if self._text:
            names = pictures.table.names
            rows = rows[[self._text in names[row].casefold() for row in rows]]
        return rows[np.argsort(pictures.class_indices[rows], kind="stable")]

    def _passes_filter(self, pictures: EditedPictures) -> NDArray[np.bool_]:
        match self._filter:
            case PictureFilter.ALL:
                return np.ones(len(pictures.table), np.bool_)
            case PictureFilter.INCLUDED:
                return ~pictures.excluded
            case PictureFilter.EXCLUDED:
                return pictures.excluded
            case PictureFilter.UNREADABLE | PictureFilter.COPIES | PictureFilter.CONFLICTS:
                kinds = FINDINGS_OF[self._filter]
                rows = [row for row, finding in self._findings.items() if finding.kind in kinds]
                found = np.zeros(len(pictures.table), np.bool_)
                found[rows] = True
                return found
            case PictureFilter.TRAINING | PictureFilter.VALIDATION | PictureFilter.TEST:
                if self._splits is None:
                    return np.zeros(len(pictures.table), np.bool_)
                in_split: NDArray[np.bool_] = self._splits == _SPLIT_FILTERS.index(self._filter)
                return in_split
            case _:
                assert_never(self._filter)
