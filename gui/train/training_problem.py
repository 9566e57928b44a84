"""Why no training can begin with the pictures that there are."""

from core.data.edited_pictures import EditedPictures
from gui.look.language import tr


def training_problem(pictures: EditedPictures | None) -> str:
    """What is missing, in words; "" if nothing is."""
    filled = int((pictures.counts > 0).sum()) if pictures is not None else 0
    if filled == 0:
        return tr("Add pictures first: a folder for each kind.")
    if filled == 1:
        return tr("Add a second class: there is only one kind of picture so far.")
    return ""
