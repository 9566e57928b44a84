"""Warns that an answer is uncertain."""

from PySide6.QtWidgets import QWidget

from core.models.named_image import NamedImage
from gui.look.language import tr
from gui.look.wording import percent
from gui.widgets.plain_text import PlainLabel


class DoubtLabel(PlainLabel):
    """Visible only when the best class of an image is not probable enough."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("role", "warning")
        self.setObjectName("Doubt")
        self.setWordWrap(True)
        self._threshold = 0.0
        self._image: NamedImage | None = None
        self.hide()

    def set_threshold(self, threshold: float) -> None:
        """Set the probability below which an image is unknown; 0 for none."""
        self._threshold = threshold
        self._show_state()

    def show_image(self, image: NamedImage | None) -> None:
        """Warn about an image if it is unknown; None hides the warning."""
        self._image = image
        self._show_state()

    def _show_state(self) -> None:
        is_unknown = self._image is not None and self._image.is_unknown(self._threshold)
        # In languages with a space before the sign, the line must not break there.
        threshold = percent(self._threshold).replace(" ", "\N{NO-BREAK SPACE}")
        text = tr("Uncertain – perhaps none of these: no class reaches %1.", threshold)
        self.setText(text if is_unknown else "")
        self.setVisible(is_unknown)
