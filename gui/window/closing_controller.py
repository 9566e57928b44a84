"""Closes the window: asks while work is in progress, and leaves no process behind."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from gui.look.language import tr
from gui.train.train_controller import TrainController
from gui.widgets.plain_text import show_plainly
from gui.window.main_window import MainWindow


class ShutsDown(Protocol):
    """An object with a process of its own.

    Attributes:
        shut_down: A signal without values, emitted when no process is left.
    """

    shut_down: Any

    def shutdown(self) -> None:
        """End the process, then emit `shut_down`."""


class ClosingController(QObject):
    """Close the window when asked to.

    Args:
        window: The window to close.
        training: The user is asked about it, and it is stopped first.
        let_go: Called before the window closes, when no process is left that `shutdown` ends.

    Signals:
        closing: The window will close; save what is to be saved.
        closed: The window is closed.
    """

    closing = Signal()
    closed = Signal()

    def __init__(
        self, window: MainWindow, training: TrainController, let_go: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window, self._training, self._let_go = window, training, let_go
        self.is_closing = False
        self._others: list[ShutsDown] = []
        self._questions: list[tuple[Callable[[], bool], str, str]] = []
        self._working: set[ShutsDown] = set()
        window.close_requested.connect(self._on_close_requested)
        self.wait_for(training)
        self.ask_about(
            lambda: training.is_running,
            tr("Training is in progress."),
            tr("Stop it, keep the best weights so far and close? It can be resumed later."),
        )

    def wait_for(self, other: ShutsDown) -> None:
        """Shut an object down before the window closes."""
        self._others.append(other)
        other.shut_down.connect(partial(self._on_shut_down, other))

    def ask_about(self, is_running: Callable[[], bool], text: str, question: str) -> None:
        """Ask before the window closes while something is in progress.

        Args:
            text: Says that it is in progress.
            question: Asks whether to stop it and close.
        """
        self._questions.append((is_running, text, question))

    def _on_close_requested(self) -> None:
        if self.is_closing:
            return
        running = [each for each in self._questions if each[0]()]
        if not running:
            self.close_without_asking()
            return
        box = QMessageBox(self._window)
        box.setObjectName("Close while training")
        box.setWindowTitle(tr("Close Fieldguide"))
        box.setIcon(QMessageBox.Icon.Question)
        box.setText("\n".join(text for _, text, _ in running))
        box.setInformativeText("\n".join(question for _, _, question in running))
        stop = box.addButton(tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        stay = tr("Keep training") if self._training.is_running else tr("Keep open")
        box.addButton(stay, QMessageBox.ButtonRole.RejectRole)
        stop.clicked.connect(self.close_without_asking)
        box.finished.connect(box.deleteLater)
        show_plainly(box)
        box.open()

    def close_without_asking(self) -> None:
        """Stop everything and close."""
        self.is_closing = True
        self._window.set_activity("closing", tr("Closing"))
        self.closing.emit()
        self._working = set(self._others)
        for other in self._others:
            other.shutdown()

    def _on_shut_down(self, other: ShutsDown) -> None:
        if other not in self._working:
            return
        self._working.discard(other)
        if self._working:
            return
        self._let_go()
        self._window.close_now()
        self.closed.emit()
