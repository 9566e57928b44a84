"""A spin box for a percentage, with words around the number."""

from PySide6.QtWidgets import QSpinBox, QWidget

from gui.look.theme import CONTROL_HEIGHT, GRID
from gui.widgets.undo_keys import pass_undo_on

PLACE = "\N{OBJECT REPLACEMENT CHARACTER}"
"""The place of the number in a text."""

_STEP = 5


class PercentBox(QSpinBox):
    """Takes whole percentages from 0 to 100.

    Args:
        text: The words around the number: `tr("below %1%", PLACE)`.
        zero_text: Shown in place of all of it at 0.
    """

    def __init__(self, text: str, zero_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(CONTROL_HEIGHT)
        # Style sheets don't reach the text inside a spin box.
        self.lineEdit().setTextMargins(GRID - 2, 0, 0, 0)
        self.setRange(0, 100)
        self.setSingleStep(_STEP)
        prefix, _, suffix = text.partition(PLACE)
        self.setPrefix(prefix)
        self.setSuffix(suffix)
        self.setSpecialValueText(zero_text)
        pass_undo_on(self)
