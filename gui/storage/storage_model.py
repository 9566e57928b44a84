"""Caches, backbones and projects that take room on disk, as a table."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import data_size
from gui.widgets.columns import Column, Columns, ColumnsModel


class StorageKind(StrEnum):
    """Kind of a row."""

    CACHE = "cache"
    BACKBONE = "backbone"
    PROJECTS = "projects"


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageRow:
    """Something that takes room; caches and backbones can be made or fetched again.

    Attributes:
        name: Its name in `core`.
        title: Name to show.
        purpose: What it is for, in a line.
        consequence: What happens when it is removed, or how that is done, in a sentence.
        folder: Where it lies.
        is_removable: False for what belongs to the program, and for the user's own work.
    """

    kind: StorageKind
    name: str
    title: str
    purpose: str
    consequence: str
    folder: Path
    size_bytes: int
    is_removable: bool = True


def _size(row: StorageRow) -> str:
    return data_size(row.size_bytes) if row.size_bytes else tr("empty")


def _tooltip(row: StorageRow) -> str:
    return f"{row.purpose}\n{row.folder}"


_Column = Column[StorageRow]


class StorageColumn(Columns):
    """Columns, the name first."""

    TITLE = _Column(
        title=lambda: tr("Name"),
        text=lambda row: " ".join(row.title.split()),
        tooltip=_tooltip,
        width=26 * GRID,
    )
    PURPOSE = _Column(
        title=lambda: tr("Purpose"),
        text=lambda row: " ".join(row.purpose.split()),
        tooltip=_tooltip,
        is_stretched=True,
    )
    SIZE = _Column(
        title=lambda: tr("Size"),
        text=_size,
        tooltip=_tooltip,
        sort_key=lambda row: row.size_bytes,
        is_number=True,
        width=12 * GRID,
    )


class StorageModel(ColumnsModel[StorageRow]):
    """A row a cache, backbone or folder of projects."""

    columns = StorageColumn
