"""Data roles of image models for the grid, beside caption and tooltip."""

from enum import IntEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt

_FIRST = Qt.ItemDataRole.UserRole + 100


class ImageRole(IntEnum):
    """Roles that `ImageDelegate` asks for.

    Attributes:
        PATH: The image's `Path`.
        BADGE: A word or two drawn on the image; "" for none.
        BADGE_SEVERITY: `info`, `warning` or `danger`.
        DIMMED: Whether the image is excluded.
        COLOR: `QColor` of a stripe for its class; None for none.
    """

    PATH = _FIRST
    BADGE = _FIRST + 1
    BADGE_SEVERITY = _FIRST + 2
    DIMMED = _FIRST + 3
    COLOR = _FIRST + 4


@runtime_checkable
class HasPaths(Protocol):
    """A model that returns paths without an index for each."""

    def path_at(self, row: int) -> Path:
        """Return the image in a row."""
