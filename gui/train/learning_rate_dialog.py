"""Shows a learning-rate search, and offers the suggested rate."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.messages.events import (
    Event,
    LearningRateFound,
    LearningRateTried,
    PhaseProgressed,
    PhaseStarted,
    RequestFailed,
    Warned,
)
from gui.look.language import shown, tr
from gui.look.phase_texts import phase_text
from gui.look.theme import GRID
from gui.look.wording import significant
from gui.train.learning_rate_plot import LearningRatePlot
from gui.train.run_texts import progress_text
from gui.widgets.banner import Banner, Severity
from gui.widgets.plain_text import PlainLabel

_DIGITS = 2


class LearningRateDialog(QDialog):
    """Show the events of one search; the user may move the line before using the rate.

    Args:
        parent: The window that it belongs to, which stays usable.

    Signals:
        stop_requested: End with the rates tried so far.
        chosen: The learning rate to train with, a float of two digits.
    """

    stop_requested = Signal()
    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Find a learning rate")
        self.setWindowTitle(tr("Find a learning rate"))
        self.setModal(False)
        self.resize(90 * GRID, 65 * GRID)
        self.is_fine_tuning = False
        self.plot = LearningRatePlot()
        self.plot.rate_moved.connect(self._on_rate_moved)
        self.banner = Banner()
        self._progress = QProgressBar()
        self._progress.setAccessibleName(tr("Progress of the search"))
        self._progress.setTextVisible(False)
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._status = PlainLabel()
        self._status.setWordWrap(True)
        self._status.setMinimumHeight(5 * GRID)
        self.use = QPushButton()
        self.use.setProperty("kind", "primary")
        self.use.clicked.connect(self._on_use_clicked)
        self.stop = QPushButton(tr("Stop"))
        self.stop.clicked.connect(self._on_stop_clicked)
        self.close_button = QPushButton(tr("Close"))
        self.close_button.clicked.connect(self.reject)
        self._lay_out()
        self._show_rate(None)
        self._say(tr("Starting"))

    def show_event(self, event: Event) -> None:
        """Show an event of the search."""
        match event:
            case PhaseStarted(phase, total):
                self._say(phase_text(phase))
                self._show_progress(0, total)
            case PhaseProgressed(phase, done, total):
                self._say(tr("%1: %2", phase_text(phase), progress_text(event)))
                self._show_progress(done, total)
            case LearningRateTried():
                self.plot.add(event)
            case Warned(message):
                self.banner.show_message(Severity.INFO, shown(message))
            case LearningRateFound():
                self._show_found(event)
            case RequestFailed(message, details):
                self._end()
                self._say(tr("No learning rate was found."))
                self.banner.show_message(Severity.DANGER, shown(message), details=details)

    def status(self) -> str:
        """Return the text about the search."""
        return self._status.text()

    @property
    def is_searching(self) -> bool:
        """Whether rates are still being tried."""
        return not self._progress.isHidden()

    def _lay_out(self) -> None:
        help_text = PlainLabel(
            tr(
                "Each step of this search uses a higher learning rate. A good rate is where the "
                "loss falls fast, well before it rises again. Only feature vectors are kept."
            )
        )
        help_text.setProperty("role", "help")
        help_text.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(help_text)
        layout.addWidget(self.banner)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._progress)
        layout.addWidget(self._status)
        layout.addLayout(buttons)

    def _show_found(self, event: LearningRateFound) -> None:
        self._end()
        self.is_fine_tuning = event.is_fine_tuning
        sentences = [] if event.is_complete else [tr("Stopped before all rates were tried.")]
        if event.suggestion is None:
            sentences.append(
                tr(
                    "The losses suggest no learning rate. Keep the current one, or try again with "
                    "more pictures or a larger batch."
                )
            )
            self._say(" ".join(sentences))
            return
        rate = rate_text(event.suggestion)
        if event.is_fine_tuning:
            sentences.append(tr("Suggested for fine-tuning: %1.", rate))
        else:
            sentences.append(tr("Suggested learning rate: %1.", rate))
        sentences.append(
            tr(
                "At this rate the loss falls fast and is still well away from rising. Drag the "
                "line or use the arrow keys to choose another."
            )
        )
        self._say(" ".join(sentences))
        self.plot.set_rate(event.suggestion)
        self._show_rate(event.suggestion)
        self.use.setDefault(True)
        self.use.setFocus()

    def _show_progress(self, done: int, total: int | None) -> None:
        self._progress.setMaximum(total or 0)
        self._progress.setValue(done)

    def _show_rate(self, rate: float | None) -> None:
        self.use.setEnabled(rate is not None)
        text = tr("Use the suggestion")
        if rate is not None:
            text = tr("Use %1", rate_text(rate))
        self.use.setText(text)
        self.use.setAccessibleName(text)

    def _end(self) -> None:
        self._progress.hide()
        self.stop.setEnabled(False)

    def _say(self, text: str) -> None:
        self._status.setText(text)
        self._status.setAccessibleName(text)

    def _on_rate_moved(self, rate: float) -> None:
        self._show_rate(rate)

    def _on_stop_clicked(self) -> None:
        self.stop.setEnabled(False)
        self._say(tr("Stopping"))
        self.stop_requested.emit()

    def _on_use_clicked(self) -> None:
        rate = self.plot.rate
        assert rate is not None, "the button is off without one"
        self.chosen.emit(float(f"{rate:.{_DIGITS}g}"))
        self.accept()


def rate_text(rate: float) -> str:
    """Return a learning rate with two significant digits: "0.0013", "0.000013"."""
    return significant(rate, _DIGITS)
