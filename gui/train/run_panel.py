"""What a run is doing: phase, progress, latest values, and the buttons that steer it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QWidget,
)

from gui.look.icons import IconColor, icon
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel

_LARGEST_TOTAL = 1 << 30


class RunPanel(QFrame):
    """Keeps its height while a run goes on, so that nothing jumps.

    Signals:
        start_requested: A new run.
        pause_requested: Hold still, or go on.
        stop_requested: End soon with the best weights so far.
        resume_requested: Go on with the run that was stopped.
    """

    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    resume_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._phase = PlainLabel()
        self._phase.setProperty("role", "heading")
        self._phase.setObjectName("Phase")
        self._rate = PlainLabel()
        self._rate.setProperty("role", "help")
        self._rate.setObjectName("Rate")
        self._rate.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._progress = QProgressBar()
        self._progress.setObjectName("Progress")
        self._progress.setAccessibleName(self.tr("Progress"))
        self._values = PlainLabel()
        self._values.setObjectName("Latest values")
        self._values.setWordWrap(True)
        self._values.setMinimumHeight(2 * GRID)
        self._result = PlainLabel()
        self._result.setObjectName("Result")
        self._result.setWordWrap(True)
        # Names of classes may look like HTML.
        self._result.setTextFormat(Qt.TextFormat.PlainText)
        self._result.setMinimumHeight(4 * GRID)
        self._result.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.start = self._button(self.tr("Start training"), "play", IconColor.ON_ACCENT)
        self.start.setProperty("kind", "primary")
        self.pause = self._button(self.tr("Pause"), "pause")
        self.stop = self._button(self.tr("Stop and keep best"), "square")
        self.resume = self._button(self.tr("Resume the stopped run"), "rotate-ccw")
        self.start.clicked.connect(self.start_requested)
        self.pause.clicked.connect(self.pause_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.resume.clicked.connect(self.resume_requested)
        self._lay_out()
        self.show_idle(can_start=False, can_resume=False)
        self.show_progress("", 0, 1, "")

    def show_idle(self, *, can_start: bool, can_resume: bool) -> None:
        """No run is under way."""
        self.start.setEnabled(can_start)
        self.resume.setVisible(can_resume)
        self.pause.setEnabled(False)
        self.stop.setEnabled(False)
        self.show_paused(is_paused=False)

    def show_running(self) -> None:
        """A run is under way."""
        self.start.setEnabled(False)
        self.resume.hide()
        self.pause.setEnabled(True)
        self.stop.setEnabled(True)

    def show_stopping(self) -> None:
        """The run was asked to stop; asking again would change nothing."""
        self.pause.setEnabled(False)
        self.stop.setEnabled(False)

    def show_paused(self, *, is_paused: bool) -> None:
        """Whether the run holds still."""
        self.pause.setText(self.tr("Go on") if is_paused else self.tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        self.pause.setIcon(icon("play" if is_paused else "pause"))

    def show_progress(self, phase: str, done: int, total: int | None, rate: str) -> None:
        """How far the run is; without a total its end isn't known."""
        self._phase.setText(phase)
        self._rate.setText(rate)
        # Bytes may be more than a progress bar can count.
        scale = (total or 0) // _LARGEST_TOTAL + 1
        self._progress.setMaximum((total or 0) // scale)
        self._progress.setValue(done // scale)

    def show_values(self, text: str) -> None:
        """The plots' last numbers."""
        self._values.setText(text)

    def show_result(self, text: str) -> None:
        """What came of the run; "" while it goes on."""
        self._result.setText(text)

    def values(self) -> str:
        """What is written about the last numbers."""
        return self._values.text()

    def result(self) -> str:
        """What is written about how the run ended."""
        return self._result.text()

    def phase(self) -> str:
        """What the run is said to be doing."""
        return self._phase.text()

    def _button(self, text: str, icon_name: str, color: IconColor = IconColor.TEXT) -> QPushButton:
        button = QPushButton(icon(icon_name, color), text)
        button.setObjectName(text)
        button.setAccessibleName(text)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for button in (self.start, self.pause, self.stop, self.resume):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QGridLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self._phase, 0, 0)
        layout.addWidget(self._rate, 0, 1)
        layout.addWidget(self._progress, 1, 0, 1, 2)
        layout.addWidget(self._values, 2, 0, 1, 2)
        layout.addWidget(self._result, 3, 0, 1, 2)
        layout.addLayout(buttons, 4, 0, 1, 2)
