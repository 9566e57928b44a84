"""Says why training can't start with the current pictures."""

from core.data.edited_pictures import EditedPictures
from gui.look.language import tr


def training_problem(pictures: EditedPictures | None) -> str:
    """Return what is missing; "" if nothing is."""
    num_filled = int((pictures.counts > 0).sum()) if pictures is not None else 0
    if num_filled == 0:
        return tr("Add pictures first: one folder per class.")
    if num_filled == 1:
        return tr("Add a second class: there is only one so far.")
    return ""
