"""A small window that shows the classes of an image."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.models.named_image import NamedImage
from gui.classifier.class_bars import ClassBars
from gui.classifier.doubt_label import DoubtLabel
from gui.image_views.image_preview import ImagePreview
from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import percent
from gui.quick.model_picker import ModelPicker
from gui.widgets.buttons import push_button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel

NUM_CLASSES = 5

_SIZE = (720, 440)
_SMALLEST_SIZE = (560, 400)
_LONGEST_SIDE = 720
_WORDS_WIDTH = 36 * GRID
_SETTLED_MS = 200


class QuickWindow(QWidget):
    """Image, name, bars and buttons; knows nothing about files and models.

    Signals:
        previous_requested, next_requested, first_requested, last_requested: Show another image.
        copy_requested: Copy the answer to the clipboard.
        open_requested: Open all images in the main window.
        images_requested: Ask the user for images.
        last_model_requested: Use the last trained model.
        embedded_model_requested: Use the built-in model with ImageNet's classes.
        model_chosen: A model or run folder to use.
        settled: Once, after it was painted: time to load what classifying needs.
        closed: It was closed.
    """

    previous_requested = Signal()
    next_requested = Signal()
    first_requested = Signal()
    last_requested = Signal()
    copy_requested = Signal()
    open_requested = Signal()
    images_requested = Signal()
    last_model_requested = Signal()
    embedded_model_requested = Signal()
    model_chosen = Signal(Path)
    settled = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Quick window")
        self.resize(*_SIZE)
        self.setMinimumSize(*_SMALLEST_SIZE)
        self._is_settled = False
        self.preview = ImagePreview(_LONGEST_SIDE)
        self.bars = ClassBars(NUM_CLASSES)
        self.doubt = DoubtLabel()
        self.picker = ModelPicker()
        self.picker.last_requested.connect(self.last_model_requested)
        self.picker.embedded_requested.connect(self.embedded_model_requested)
        self.picker.folder_chosen.connect(self.model_chosen)
        self._name = ElidedLabel()
        self._place = ElidedLabel()
        self._busy = PlainLabel(tr("Classifying…"))
        self._empty = self._make_empty()
        self._error = PlainLabel()
        self._answer = QStackedWidget()
        self._notice = PlainLabel()
        self._position = PlainLabel()
        self._previous = push_button(tr("Previous"), self.previous_requested)
        self._next = push_button(tr("Next"), self.next_requested)
        self._copy = push_button(tr("Copy"), self.copy_requested)
        self._open = push_button(tr("Open in Fieldguide"), self.open_requested)
        self._lay_out()
        self._add_shortcuts()

    def show_position(self, index: int, count: int) -> None:
        """Show the position among the images; `index` counts from 0."""
        self._position.setText(tr("%1 of %2", index + 1, count))
        self._previous.setEnabled(index > 0)
        self._next.setEnabled(index + 1 < count)

    def show_busy(self, path: Path | None) -> None:
        """Show that an image is being classified; None before one is known."""
        self.setWindowTitle(tr("%1 – Fieldguide", path.name if path else tr("Classify")))
        self._name.setText(path.name if path else "", str(path or ""))
        self._place.setText(str(path.parent) if path else "")
        self.bars.set_classes(())
        self.doubt.show_image(None)
        self._error.clear()
        self._answer.setCurrentWidget(self._busy)
        self._copy.setEnabled(False)

    def show_empty(self) -> None:
        """Show how to add images."""
        self.show_busy(None)
        self._previous.setEnabled(False)
        self._next.setEnabled(False)
        self._answer.setCurrentWidget(self._empty)

    def show_answer(self, best: tuple[tuple[str, float], ...]) -> None:
        """Show the classes of the image, best first."""
        self.bars.set_classes(best)
        self._answer.setCurrentWidget(self.bars)
        self._copy.setEnabled(True)

    def show_preview(self, path: Path) -> None:
        """Show the image itself."""
        self.preview.show_image(path)

    def close_preview(self) -> None:
        """Cancel reading an image."""
        self.preview.close_task()

    def show_doubt(self, image: NamedImage) -> None:
        """Show whether an image may be of no known class."""
        self.doubt.show_image(image)

    def set_threshold(self, threshold: float) -> None:
        """Set the probability below which an image is unknown; 0 for none."""
        self.doubt.set_threshold(threshold)

    def show_model(self, name: str, folder: Path | None) -> None:
        """Show the name of the model in use."""
        self.picker.show_model(name, folder)

    def show_error(self, message: str) -> None:
        """Show why an image can't be classified."""
        self._error.setText(message)
        self._answer.setCurrentWidget(self._error)
        self._copy.setEnabled(True)

    def show_notice(self, text: str, *, is_error: bool = False) -> None:
        """Show another message; "" for none."""
        self._notice.setProperty("role", "error" if is_error else "help")
        self._notice.style().unpolish(self._notice)
        self._notice.style().polish(self._notice)
        self._notice.setText(text)

    def error(self) -> str:
        """Return the error that is shown; "" if none."""
        return self._error.text()

    def notice(self) -> str:
        """Return the other message that is shown; "" if none."""
        return self._notice.text()

    def position(self) -> str:
        """Return the text about the position."""
        return self._position.text()

    def come_to_front(self) -> None:
        """Raise it above other windows, as far as the desktop allows."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _make_empty(self) -> QWidget:
        words = PlainLabel(tr("Drop pictures or folders here, paste a picture, or open some."))
        words.setWordWrap(True)
        empty = QWidget()
        layout = QVBoxLayout(empty)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addWidget(words)
        button = push_button(tr("Open pictures…"), self.images_requested)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        return empty

    def _lay_out(self) -> None:
        self._name.setProperty("role", "heading")
        self._place.setProperty("role", "help")
        self._error.setProperty("role", "error")
        for label in (self._error, self._notice):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._busy.setAlignment(Qt.AlignmentFlag.AlignTop)
        for part in (self._busy, self.bars, self._error, self._empty):
            self._answer.addWidget(part)
        words = QVBoxLayout()
        words.setSpacing(GRID)
        words.addWidget(self._name)
        words.addWidget(self._place)
        words.addSpacing(GRID)
        words.addWidget(self.doubt)
        words.addWidget(self._answer)
        words.addStretch(1)
        words.addWidget(self._notice)
        words.addWidget(self.picker)
        right = QWidget()
        right.setFixedWidth(_WORDS_WIDTH)
        words.setContentsMargins(0, 0, 0, 0)
        right.setLayout(words)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(GRID, GRID, GRID, GRID)
        inside.addWidget(self.preview)
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addWidget(card, 1)
        top.addWidget(right)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(top, 1)
        layout.addLayout(self._bottom())

    def _bottom(self) -> QHBoxLayout:
        self._position.setObjectName("Position")
        self._open.setProperty("kind", "primary")
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        bottom.addWidget(self._previous)
        bottom.addWidget(self._next)
        bottom.addSpacing(GRID)
        bottom.addWidget(self._position)
        bottom.addStretch(1)
        bottom.addWidget(self._copy)
        bottom.addWidget(self._open)
        return bottom

    def _add_shortcuts(self) -> None:
        for keys, action in (
            ("Left Up PgUp", self.previous_requested),
            ("Right Down PgDown", self.next_requested),
            ("Home", self.first_requested),
            ("End", self.last_requested),
            ("Ctrl+C", self.copy_requested),
            ("Ctrl+O", self.images_requested),
            ("Ctrl+Return", self.open_requested),
            ("Esc Ctrl+W", self.close),
        ):
            for key in keys.split():
                QShortcut(QKeySequence(key), self).activated.connect(action)

    def _settle(self) -> None:
        if not self._is_settled:
            self._is_settled = True
            self.settled.emit()

    # Qt's own methods.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # On another desktop or minimised it may never be painted.
        QTimer.singleShot(_SETTLED_MS, self._settle)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_settled:
            QTimer.singleShot(0, self._settle)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._is_settled = True
        self.closed.emit()


def as_text(path: Path, best: tuple[tuple[str, float], ...]) -> str:
    """Return an answer as text, for the clipboard."""
    return f"{path}: " + ", ".join(f"{label} {percent(probability)}" for label, probability in best)
