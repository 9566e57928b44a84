"""A few pictures of a project, for previews."""

from pathlib import Path

import numpy as np

from core.data.edited_pictures import REMOVED, EditedPictures


def sample_pictures(pictures: EditedPictures | None, count: int) -> list[Path]:
    """Return at most `count` included pictures, spread over the classes."""
    if pictures is None:
        return []
    indices = pictures.class_indices
    rows = np.flatnonzero(~pictures.excluded & (indices != REMOVED))
    rows = rows[np.argsort(indices[rows], kind="stable")]
    places = np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(int)
    return [pictures.table.path(int(rows[place])) for place in places]
