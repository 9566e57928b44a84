"""A few images of a project, for previews."""

from pathlib import Path

import numpy as np

from core.data.edits.edited_images import REMOVED, EditedImages


def sample_images(images: EditedImages | None, count: int) -> list[Path]:
    """Return at most `count` included images, spread over the classes."""
    if images is None:
        return []
    indices = images.class_indices
    rows = np.flatnonzero(~images.excluded & (indices != REMOVED))
    rows = rows[np.argsort(indices[rows], kind="stable")]
    places = np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int)
    return [images.table.path(int(rows[place])) for place in places]
