"""The classes of one image, shown where the user clicked."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.classifier.class_bars import ClassBars
from gui.classifier.classifier_service import ClassifierService
from gui.classifier.classifying import ClassifiedBatch
from gui.classifier.doubt_label import DoubtLabel
from gui.image_views.image_preview import ImagePreview
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.look.wording import unusable_file
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel
from gui.work.background import Task

_WIDTH = 400
_THUMBNAIL = 96
_NUM_CLASSES = 3


class AnswerPopup(QFrame):
    """Classifies an image and shows the answer; Esc or a click elsewhere closes it.

    Args:
        classifier: Classifies the image.
        path: The image.

    Signals:
        open_in_classify_requested: Show the image on the page Classify.
    """

    open_in_classify_requested = Signal(Path)

    def __init__(
        self, classifier: ClassifierService, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popup")
        self.setObjectName("Answer")
        self.setAccessibleName(tr("Answer"))
        self.setFixedWidth(_WIDTH)
        self._classifier, self._path = classifier, path
        self._point = QPoint()
        self._task: Task | None = None
        self._thumbnail = ImagePreview(_THUMBNAIL)
        self._thumbnail.setFixedSize(_THUMBNAIL, _THUMBNAIL)
        self._bars = ClassBars(_NUM_CLASSES)
        self._doubt = DoubtLabel()
        self._error = PlainLabel()
        self._stack = QStackedWidget()
        self._model = ElidedLabel()
        self._hint = PlainLabel(tr("Train a model for your own classes."))
        self._open_button = QPushButton(tr("Open in Classify"))
        self._lay_out()
        self._open_button.clicked.connect(self._on_open_clicked)
        classifier.model_changed.connect(self._show_model)

    def ask(self, point: QPoint) -> None:
        """Open at a global point and classify."""
        self._point = point
        self._show_model()
        self._thumbnail.show_image(self._path)
        self.adjustSize()
        self._keep_on_screen()
        self.show()
        self._open_button.setFocus()
        self._task = self._classifier.classify([self._path])
        self._task.progressed.connect(self._on_answered)
        self._task.failed.connect(self._on_failed)

    def answer(self) -> tuple[tuple[str, float], ...]:
        """Return the classes shown, best first; none while busy and after an error."""
        return self._bars.classes()

    def error(self) -> str:
        """Return the error that is shown; "" if none."""
        return self._error.text()

    def _lay_out(self) -> None:
        name = ElidedLabel()
        name.setText(self._path.name, str(self._path))
        name.setProperty("role", "heading")
        self._error.setProperty("role", "error")
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.setWordWrap(True)
        self._error.setAlignment(Qt.AlignmentFlag.AlignTop)
        for part in (_busy_sign(tr("Classifying…")), self._bars, self._error):
            self._stack.addWidget(part)
        self._hint.setWordWrap(True)
        for label in (self._model, self._hint):
            label.setProperty("role", "help")
        self._open_button.setObjectName("Open in Classify")
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addWidget(name)
        right.addWidget(self._stack, 1)
        right.addWidget(self._doubt)
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addWidget(self._thumbnail, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(right, 1)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._model)
        words.addWidget(self._hint)
        bottom = QHBoxLayout()
        bottom.setSpacing(2 * GRID)
        bottom.addLayout(words, 1)
        bottom.addWidget(self._open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(top)
        layout.addLayout(bottom)

    def _show_model(self) -> None:
        self._model.setText(self._classifier.model_name)
        self._hint.setVisible(self._classifier.info is None)
        self._thumbnail.set_sample_bits(self._classifier.sample_bits)

    def _on_answered(self, batch: ClassifiedBatch) -> None:
        image = batch.images[0]
        if image.error:
            self._on_failed(unusable_file(image.error))
            return
        self._bars.set_classes(image.best)
        self._doubt.set_threshold(batch.threshold)
        self._doubt.show_image(image)
        self._stack.setCurrentWidget(self._bars)
        self.adjustSize()

    def _on_failed(self, message: str, _details: str = "") -> None:
        self._error.setText(shown(message))
        self._stack.setCurrentWidget(self._error)
        self.adjustSize()

    def _on_open_clicked(self) -> None:
        self.open_in_classify_requested.emit(self._path)
        self.close()

    def _keep_on_screen(self) -> None:
        screen = QGuiApplication.screenAt(self._point) or self.screen()
        area = screen.availableGeometry().adjusted(GRID, GRID, -GRID, -GRID)
        left = min(self._point.x(), area.right() - self.width())
        top = min(self._point.y(), area.bottom() - self.height())
        self.move(max(area.left(), left), max(area.top(), top))

    # Qt's own methods.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_on_screen()


def _busy_sign(text: str) -> QWidget:
    sign = QWidget()
    label = PlainLabel(text)
    bar = QProgressBar()
    bar.setRange(0, 0)
    bar.setAccessibleName(text)
    layout = QVBoxLayout(sign)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    layout.addWidget(label)
    layout.addWidget(bar)
    layout.addStretch(1)
    return sign
