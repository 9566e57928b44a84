"""Images of a run with their actual and predicted classes."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.runs.run_predictions import RunPrediction
from gui.image_views.image_grid import ImageGrid
from gui.image_views.image_items_model import ImageItem, ImageItemsModel
from gui.image_views.thumbnails import ThumbnailLoader
from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID, class_color
from gui.look.wording import percent
from gui.widgets.plain_text import PlainLabel


class MistakesGallery(QWidget):
    """A heading, the images, and a button that shows all mistakes again.

    Signals:
        back_requested: Show all mistakes again.
        menu_requested: Images under a right click, and the global point.
    """

    back_requested = Signal()
    menu_requested = Signal(list, QPoint)

    def __init__(self, thumbnails: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ImageItemsModel(self)
        self.grid = ImageGrid(thumbnails)
        self.grid.setModel(self.model)
        self.grid.setObjectName("Result pictures")
        self.grid.setAccessibleName(tr("Pictures of the results"))
        self.grid.menu_requested.connect(self.menu_requested)
        self._heading = PlainLabel()
        self._heading.setProperty("role", "heading")
        self._heading.setWordWrap(True)
        self._back = QPushButton(icon("undo-2"), tr("All mistakes"))
        self._back.setProperty("kind", "flat")
        self._back.clicked.connect(self.back_requested)
        keeps_place = self._back.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self._back.setSizePolicy(keeps_place)
        top = QHBoxLayout()
        top.addWidget(self._heading, 1)
        top.addWidget(self._back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(top)
        layout.addWidget(self.grid, 1)

    def show_images(
        self,
        heading: str,
        predictions: Sequence[RunPrediction],
        labels: Sequence[str],
        *,
        is_part: bool,
    ) -> None:
        """Show predictions; `is_part` adds the button that shows all mistakes again."""
        self._heading.setText(heading)
        self._back.setVisible(is_part)
        self.grid.set_empty_text(
            tr("No pictures here"),
            "" if is_part else tr("Every picture of this split was classified correctly."),
        )
        self.model.set_items([self._item(entry, labels) for entry in predictions])

    def heading(self) -> str:
        """Return the heading."""
        return self._heading.text()

    def _item(self, entry: RunPrediction, labels: Sequence[str]) -> ImageItem:
        true, named = labels[entry.class_index], labels[entry.predicted]
        is_right = entry.predicted == entry.class_index
        confidence = percent(entry.confidence, 0)
        correct = tr("%1, correct, %2", true, confidence)
        wrong = tr("%1, predicted %2, %3", true, named, confidence)
        return ImageItem(
            path=entry.path,
            caption=correct if is_right else wrong,
            badge="" if is_right else named,
            severity="danger",
            color=class_color(entry.class_index),
        )
