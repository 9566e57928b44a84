"""Shows how far the experiment is, with the buttons that control it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.experiments.experiment_progress import ExperimentProgress, Stage
from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel


class ProgressPanel(QFrame):
    """Show the experiment that is being carried out.

    Args:
        progress: How far it is.

    Signals:
        pause_requested: Pause or continue.
        stop_requested: Stop; it can be resumed.
    """

    pause_requested = Signal()
    stop_requested = Signal()

    def __init__(self, progress: ExperimentProgress, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._progress = progress
        self.setProperty("role", "card")
        self._activity = ElidedLabel()
        self._activity.setObjectName("Activity of the experiment")
        self._left = PlainLabel()
        self._left.setProperty("role", "help")
        self._bar = QProgressBar()
        self._bar.setAccessibleName(tr("Progress of the experiment"))
        self.pause = QPushButton(icon("pause"), tr("Pause"))
        self.pause.clicked.connect(self.pause_requested)
        self.stop = QPushButton(icon("square"), tr("Stop"))
        self.stop.clicked.connect(self.stop_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.pause)
        buttons.addWidget(self.stop)
        layout = QGridLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setHorizontalSpacing(2 * GRID)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self._activity, 0, 0)
        layout.addWidget(self._bar, 1, 0)
        layout.addWidget(self._left, 2, 0)
        layout.addLayout(buttons, 0, 1, 3, 1)
        layout.setColumnStretch(0, 1)
        progress.changed.connect(self._show)
        self._show()

    def activity(self) -> str:
        """Return what the experiment is doing."""
        return self._activity.text()

    def _show(self) -> None:
        progress = self._progress
        self._activity.setText(progress.activity)
        done = tr("%1 of %2 runs", progress.done, progress.total)
        self._left.setText(tr("%1, %2", done, progress.left) if progress.left else done)
        self._bar.setMaximum(max(1, progress.total))
        self._bar.setValue(progress.done)
        is_steered = progress.stage in (Stage.RUNNING, Stage.PAUSED)
        self.pause.setEnabled(is_steered)
        self.stop.setEnabled(is_steered)
        is_paused = progress.stage is Stage.PAUSED
        self.pause.setText(tr("Continue") if is_paused else tr("Pause"))
        self.pause.setIcon(icon("play" if is_paused else "pause"))
