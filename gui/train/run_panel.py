"""Shows a run: phase, progress, latest values, and the buttons that control it."""

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
from gui.look.language import tr
from gui.look.theme import GRID
from gui.train.next_steps import NextSteps
from gui.train.run_state import RunState, Stage
from gui.widgets.plain_text import PlainLabel

_LARGEST_TOTAL = 1 << 30


class RunPanel(QFrame):
    """Show a run; keeps its height meanwhile, so that nothing jumps.

    Args:
        state: The run to show.

    Attributes:
        next_steps: What to do with the model of the last run.

    Signals:
        start_requested: Start a new run.
        pause_requested: Pause or continue.
        stop_requested: Stop soon and keep the best weights so far.
        resume_requested: Resume the run that was stopped.
    """

    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    resume_requested = Signal()

    def __init__(self, state: RunState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
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
        self._progress.setAccessibleName(tr("Progress"))
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
        self.start = self._button(tr("Start training"), "play", IconColor.ON_ACCENT)
        self.start.setProperty("kind", "primary")
        self.pause = self._button(tr("Pause"), "pause")
        self.stop = self._button(tr("Stop and keep best"), "square")
        self.resume = self._button(tr("Resume the stopped run"), "rotate-ccw")
        self.next_steps = NextSteps()
        self.start.clicked.connect(self.start_requested)
        self.pause.clicked.connect(self.pause_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.resume.clicked.connect(self.resume_requested)
        self._lay_out()
        state.stage_changed.connect(self._show_stage)
        state.options_changed.connect(self._show_stage)
        state.progress_changed.connect(self._show_progress)
        state.values_changed.connect(self._values.setText)
        state.result_changed.connect(self._result.setText)
        self._show_stage()
        self._show_progress()

    def _show_stage(self) -> None:
        state = self._state
        is_steered = state.stage in (Stage.RUNNING, Stage.PAUSED)
        self.start.setEnabled(state.is_idle and state.can_start)
        self.resume.setVisible(state.is_idle and state.can_resume)
        self.next_steps.setVisible(state.is_idle and state.has_model)
        for button in (self.pause, self.stop):
            button.setVisible(not state.is_idle)
        self.pause.setEnabled(is_steered)
        self.stop.setEnabled(is_steered)
        if state.stage is not Stage.STOPPING:
            self._show_paused(is_paused=state.stage is Stage.PAUSED)

    def _show_paused(self, *, is_paused: bool) -> None:
        self.pause.setText(tr("Continue") if is_paused else tr("Pause"))
        self.pause.setAccessibleName(self.pause.text())
        self.pause.setIcon(icon("play" if is_paused else "pause"))

    def _show_progress(self) -> None:
        self._phase.setText(self._state.phase)
        self._rate.setText(self._state.rate)
        # Bytes may be more than a progress bar can count.
        total = self._state.total or 0
        scale = total // _LARGEST_TOTAL + 1
        self._progress.setMaximum(total // scale)
        self._progress.setValue(self._state.done // scale)

    def values(self) -> str:
        """Return the text of the latest values."""
        return self._values.text()

    def result(self) -> str:
        """Return the text about the result."""
        return self._result.text()

    def phase(self) -> str:
        """Return the text about the current phase."""
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
        buttons.addWidget(self.next_steps)
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
