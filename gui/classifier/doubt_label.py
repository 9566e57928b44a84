"""Says that an answer is not to be believed."""

from PySide6.QtWidgets import QWidget

from core.models.named_picture import NamedPicture
from gui.look.language import tr
from gui.look.wording import percent
from gui.widgets.plain_text import PlainLabel


class DoubtLabel(PlainLabel):
    """Shows words when the best class of a picture is not probable enough, else nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("role", "warning")
        self.setObjectName("Doubt")
        self.setWordWrap(True)
        self._threshold = 0.0
        self._picture: NamedPicture | None = None
        self.hide()

    def set_threshold(self, threshold: float) -> None:
        """Take another probability below which a picture is unknown; 0 for none."""
        self._threshold = threshold
        self._show_state()

    def show_picture(self, picture: NamedPicture | None) -> None:
        """Say it of a picture, or nothing of none."""
        self._picture = picture
        self._show_state()

    def _show_state(self) -> None:
        is_unknown = self._picture is not None and self._picture.is_unknown(self._threshold)
        text = tr("Not sure – perhaps none of these: no class reaches %1.")
        # The sign stays with its number where the line is broken.
        threshold = percent(self._threshold).replace(" ", "\N{NO-BREAK SPACE}")
        self.setText(text.replace("%1", threshold) if is_unknown else "")
        self.setVisible(is_unknown)
