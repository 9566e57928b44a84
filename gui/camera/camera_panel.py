"""The camera's image with its classes, and buttons to take images for a class."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from core.models.named_image import NamedImage
from gui.camera.frame_view import FrameView
from gui.classifier.class_bars import ClassBars
from gui.classifier.classifying import TOP
from gui.classifier.doubt_label import DoubtLabel
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.widgets.buttons import push_button
from gui.widgets.plain_text import PlainLabel

_SIDE_WIDTH = 36 * GRID
_HOLD_MS = 500
_REPEAT_MS = 250


class Named(Protocol):
    """A camera in the list."""

    @property
    def name(self) -> str:
        """Its name in the system."""
        ...


class CameraPanel(QFrame):
    """Shows the camera and emits requests; a controller owns camera, answers and files.

    Signals:
        shown, hidden: It has become visible or invisible.
        camera_chosen: Position in the list.
        capture_requested: Take an image for the class named; repeated while held.
        discard_requested: Remove the last image.
        folder_requested: Show the folder of the images taken.
        retry_requested: Try to use the camera again.
        close_requested: Close the camera.
    """

    shown = Signal()
    hidden = Signal()
    camera_chosen = Signal(int)
    capture_requested = Signal(str)
    discard_requested = Signal()
    folder_requested = Signal()
    retry_requested = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Camera panel")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = FrameView()
        self.bars = ClassBars(TOP)
        self.doubt = DoubtLabel()
        self._cameras = QComboBox()
        self._cameras.setObjectName("Cameras")
        self._cameras.setAccessibleName(tr("Camera"))
        self._mirror = QCheckBox(tr("Mirror picture"))
        self._mirror.setChecked(True)
        self._pace = PlainLabel()
        self._label = QComboBox()
        self._label.setObjectName("Class of the pictures taken")
        self._label.setEditable(True)
        self._label.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit = self._label.lineEdit()
        assert edit is not None, "the combo box is editable"
        edit.setPlaceholderText(tr("New or existing class"))
        edit.setAccessibleName(tr("Class of the pictures taken"))
        self.freeze = push_button(tr("Freeze"))
        self.freeze.setCheckable(True)
        self.capture = push_button(tr("Take picture"), self._on_capture)
        self._discard = push_button(tr("Discard last"), self.discard_requested)
        self._folder = push_button(tr("Show folder"), self.folder_requested)
        self._retry = push_button(tr("Try again"), self.retry_requested)
        self._close = push_button(tr("Close camera"), self.close_requested)
        self._taken = PlainLabel()
        self._since_key = QElapsedTimer()
        self._since_key.start()
        self._lay_out()
        self._connect()
        self.show_count("", 0)
        self._retry.hide()

    @property
    def is_frozen(self) -> bool:
        """Whether the image is frozen."""
        return self.freeze.isChecked()

    def unfreeze(self) -> None:
        """Show live images again."""
        self.freeze.setChecked(False)

    def show_frame(self, image: QImage) -> None:
        """Show a frame of the camera."""
        self.view.show_frame(image)

    def set_cameras(self, cameras: Sequence[Named], current: int) -> None:
        """List cameras; `current` is -1 for none."""
        self._cameras.blockSignals(True)
        self._cameras.clear()
        self._cameras.addItems([camera.name for camera in cameras])
        self._cameras.setCurrentIndex(current)
        self._cameras.setEnabled(len(cameras) > 1)
        self._cameras.blockSignals(False)

    def set_labels(self, labels: Sequence[str]) -> None:
        """List classes to take images for; what the user typed stays."""
        text = self._label.currentText()
        self._label.clear()
        self._label.addItems(list(labels))
        self._label.setCurrentText(text)

    def show_problem(self, text: str, *, can_retry: bool) -> None:
        """Show why there is no image."""
        self.view.show_text(text)
        self.bars.set_classes(())
        self.doubt.show_image(None)
        self._pace.clear()
        self._retry.setVisible(can_retry)
        self._show_state()

    def show_starting(self) -> None:
        """Show that the camera is starting."""
        self.view.show_text(tr("Starting the camera…"))
        self._retry.hide()
        self._show_state()

    def show_answer(self, image: NamedImage, threshold: float, rate: float) -> None:
        """Show the classes of the frame that is shown."""
        self.bars.set_classes(image.best)
        self.doubt.set_threshold(threshold)
        self.doubt.show_image(image)
        text = tr_count("%n picture(s) per second", "", round(rate))
        self._pace.setText(text if rate else "")
        self._show_state()

    def show_count(self, label: str, count: int) -> None:
        """Show how many images were taken for a class."""
        self._taken.setText(
            tr_count("%n picture(s) taken for “%1”.", "", count, label)
            if count
            else tr("Hold the button or the T key to take several pictures.")
        )
        self._discard.setEnabled(count > 0)
        self._folder.setEnabled(count > 0)

    def _lay_out(self) -> None:
        for label in (self._pace, self._taken):
            label.setProperty("role", "help")
            label.setWordWrap(True)
        self.capture.setProperty("kind", "primary")
        # While held, it takes one image after another.
        self.capture.setAutoRepeat(True)
        self.capture.setAutoRepeatDelay(_HOLD_MS)
        self.capture.setAutoRepeatInterval(_REPEAT_MS)
        heading = PlainLabel(tr("Take pictures for a class"))
        heading.setProperty("role", "heading")
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(GRID)
        side.addWidget(self._cameras)
        side.addWidget(self._mirror)
        side.addSpacing(GRID)
        side.addWidget(self.doubt)
        side.addWidget(self.bars)
        side.addWidget(self._pace)
        side.addStretch(1)
        side.addWidget(heading)
        side.addWidget(self._label)
        side.addLayout(_row(self.capture, self._discard))
        side.addWidget(self._taken)
        right = QWidget()
        right.setFixedWidth(_SIDE_WIDTH)
        right.setLayout(side)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.view, 1)
        bottom = _row(self._close, self.freeze, self._retry)
        bottom.addStretch(1)
        bottom.addWidget(self._folder)
        left.addLayout(bottom)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addLayout(left, 1)
        layout.addWidget(right)

    def _connect(self) -> None:
        self._mirror.toggled.connect(self.view.set_mirrored)
        self._cameras.currentIndexChanged.connect(self.camera_chosen)
        self._label.editTextChanged.connect(self._show_state)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close_requested)

    def _show_state(self) -> None:
        has_image = self.view.has_image
        self.freeze.setEnabled(has_image)
        self.capture.setEnabled(has_image and bool(self._label.currentText().strip()))

    def _on_capture(self) -> None:
        if self.capture.isEnabled():
            self.capture_requested.emit(self._label.currentText().strip())

    def _on_capture_key(self, *, is_held: bool) -> None:
        """Take an image, unless a held key repeats too fast."""
        if not is_held or self._since_key.elapsed() >= _REPEAT_MS:
            self._since_key.restart()
            self._on_capture()

    # Qt's own methods.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()
        self.shown.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not shortcuts: Space must still press a button that has the focus.
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.freeze.click()
        elif event.key() == Qt.Key.Key_T:
            self._on_capture_key(is_held=event.isAutoRepeat())
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hidden.emit()


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for part in parts:
        row.addWidget(part)
    return row
