"""Says why training can't start with the current images."""

from core.data.edits.edited_images import EditedImages
from gui.look.language import tr


def training_problem(images: EditedImages | None) -> str:
    """Return what is missing; "" if nothing is."""
    num_filled = int((images.counts > 0).sum()) if images is not None else 0
    if num_filled == 0:
        return tr("Add pictures first: one folder per class.")
    if num_filled == 1:
        return tr("Add a second class: there is only one so far.")
    return ""
