"""One classified image, large, with its best classes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from core.models.named_image import NamedImage
from gui.classifier.class_bars import ClassBars
from gui.classifier.classifying import TOP
from gui.classifier.doubt_label import DoubtLabel
from gui.image_views.image_preview import ImagePreview
from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import unusable_file
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel

_LONGEST_SIDE = 900
_MIN_WIDTH = 224
_MIN_PREVIEW = 5 * GRID


class ClassifiedDetail(QFrame):
    """Shows an image with its best classes, or that none is selected."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("Picture detail")
        self.setMinimumWidth(_MIN_WIDTH)
        self._preview = ImagePreview(_LONGEST_SIDE)
        self._preview.setMinimumHeight(_MIN_PREVIEW)
        self._name = ElidedLabel()
        self._name.setProperty("role", "heading")
        self._folder = ElidedLabel()
        self._folder.setProperty("role", "help")
        self._bars = ClassBars(TOP)
        self._doubt = DoubtLabel()
        self._error = PlainLabel()
        self._error.setProperty("role", "error")
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setWordWrap(True)
        self._error.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._bars)
        self._stack.addWidget(self._error)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._preview, 1)
        layout.addSpacing(GRID)
        layout.addWidget(self._name)
        layout.addWidget(self._folder)
        layout.addSpacing(GRID)
        layout.addWidget(self._doubt)
        layout.addWidget(self._stack)

    @property
    def bars(self) -> ClassBars:
        """The bars of the best classes."""
        return self._bars

    @property
    def preview(self) -> ImagePreview:
        """The preview of the image."""
        return self._preview

    def error(self) -> str:
        """Return why the image can't be used; "" if it can."""
        return self._error.text()

    def set_threshold(self, threshold: float) -> None:
        """Set the probability below which an image is unknown; 0 for none."""
        self._doubt.set_threshold(threshold)

    def show_image(self, image: NamedImage | None) -> None:
        """Show an image, or that none is selected."""
        self._doubt.show_image(image)
        if image is None:
            self._preview.show_image(None)
            self._name.setText(tr("No picture selected"))
            self._folder.setText("")
            self._bars.set_classes(())
            self._error.setText("")
            self._stack.setCurrentWidget(self._bars)
            return
        self._preview.show_image(image.path)
        self._name.setText(image.path.name, str(image.path))
        self._folder.setText(str(image.path.parent))
        self._bars.set_classes(image.best)
        reason = unusable_file(image.error) if image.error else ""
        self._error.setText(reason)
        self._stack.setCurrentWidget(self._error if reason else self._bars)
