"""Drives the real window from within, step by step between its events.

For images of the window and for measurements: what is done goes through the window's own
controls, and a timer watches how long its event loop was away.
"""

import logging
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QPushButton,
    QSpinBox,
    QWidget,
)

from gui import app
from gui.look.language import tr
from gui.window.fieldguide_window import FieldguideWindow

logger = logging.getLogger(__name__)

_TICK_MS = 5
_MOST_SECONDS = 400

Steps = Generator[Callable[[], bool], None, None]
Control = TypeVar("Control", bound=QWidget)


class Drive(QObject):
    """One run of the window that does what a script says.

    Args:
        fieldguide: The window's parts.
        script: Yields conditions to wait for; begins once the window is painted and idle.

    Attributes:
        usable_at: `time.monotonic()` when the first paint and all that was due were done.
        runs_finished: Trainings that came to their end.
        gaps: Seconds between two ticks of a 5-ms timer, since `watch`.
    """

    def __init__(self, fieldguide: FieldguideWindow, script: "Callable[[Drive], Steps]") -> None:
        super().__init__()
        self.fieldguide = fieldguide
        self.window: QMainWindow = fieldguide.window
        self.usable_at = 0.0
        self.gaps: list[float] = []
        self.runs_finished = 0
        self.failed = False
        self._last_tick = self._started = time.monotonic()
        self._paints = 0
        self._steps = script(self)
        self._wait_for: Callable[[], bool] = lambda: True
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self.window.installEventFilter(self)
        fieldguide.training.run_finished.connect(self._on_run_finished)

    def watch(self) -> None:
        """Forget the gaps so far."""
        self.gaps.clear()
        self._last_tick = time.monotonic()

    def find(self, kind: type[Control], name: str) -> Control:
        """The control with this object name or accessible name, a visible one if there is one."""
        names = {name, tr(name)}
        found = [
            child
            for child in self.window.findChildren(kind)
            if names & {child.objectName(), child.accessibleName()}
        ]
        assert found, f"no {kind.__name__} is called {name!r}"
        return next((child for child in found if child.isVisible()), found[0])

    def show_page(self, name: str) -> None:
        """Choose a page by its name in the rail."""
        self.find(QWidget, f"Page {tr(name)}").click()  # type: ignore[attr-defined]

    def drop(self, *paths: Path) -> None:
        """Drop files or folders on the middle of the window, as another program would."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        middle = QPoint(self.window.width() // 2, self.window.height() // 2)
        offered = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction
        held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        for event in (
            QDragEnterEvent(middle, offered, mime, *held),
            QDropEvent(middle.toPointF(), offered, mime, *held),
        ):
            QApplication.sendEvent(self.window, event)
            assert event.isAccepted()
            assert event.dropAction() is Qt.DropAction.CopyAction

    def start_training(self, **numbers: int) -> None:
        """Fill in the form of the page Train and press its button.

        Args:
            numbers: Values of spin boxes by name, `_` for a space: `epochs=20`.
        """
        for name, value in numbers.items():
            self.find(QSpinBox, name.replace("_", " ").capitalize()).setValue(value)
        button = self.find(QPushButton, "Start training")
        assert button.isEnabled()
        button.click()

    @property
    def num_images(self) -> int:
        """Images in the grid of the page Images."""
        return self.fieldguide.images_page.images_model.rowCount()

    @property
    def is_busy(self) -> bool:
        """Whether the status bar says that something is being done."""
        return bool(self.find(QLabel, "Activity").text())

    def after_paint(self) -> Callable[[], bool]:
        """A condition: the window has been painted since now."""
        before = self._paints
        return lambda: self._paints > before

    def pause(self, seconds: float) -> Callable[[], bool]:
        """A condition: some time has passed."""
        until = time.monotonic() + seconds
        return lambda: time.monotonic() >= until

    def _begin(self) -> None:
        self.usable_at = self._last_tick = time.monotonic()
        self._timer.start()

    def _on_run_finished(self, _run_dir: Path) -> None:
        self.runs_finished += 1

    def _on_tick(self) -> None:
        now = time.monotonic()
        self.gaps.append(now - self._last_tick)
        self._last_tick = now
        try:
            assert now - self._started < _MOST_SECONDS, "the window did not get there"
            if self._wait_for():
                self._wait_for = next(self._steps)
        except StopIteration:
            self._end()
        except Exception:
            logger.exception("The script failed")
            self.failed = True
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        self.fieldguide.quit()
        if self.window.isVisible() and not self.fieldguide.training.is_running:
            self.window.close()

    # Qt's own methods.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in (QEvent.Type.Paint, QEvent.Type.UpdateRequest):
            self._paints += 1
            if self._paints == 1:
                # Due when nothing else is.
                QTimer.singleShot(0, self._begin)
        return super().eventFilter(watched, event)


def drive(script: Callable[[Drive], Steps], arguments: Sequence[str] = ()) -> Drive:
    """Open the window, do what the script says, close it.

    Raises:
        AssertionError: If the script failed; its traceback is on standard error.
    """
    drives: list[Drive] = []
    start = FieldguideWindow.start

    def start_and_drive(self: FieldguideWindow, *values: Any) -> None:
        drives.append(Drive(self, script))
        start(self, *values)

    FieldguideWindow.start = start_and_drive  # type: ignore[method-assign, assignment]
    try:
        code = app.run(arguments)
    finally:
        FieldguideWindow.start = start  # type: ignore[method-assign]
    assert code == 0
    assert not drives[0].failed
    return drives[0]
