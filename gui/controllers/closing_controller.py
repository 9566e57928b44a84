"""Closes the window in order: asks while a training goes on, and leaves no process behind."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox

from gui.controllers.train_controller import TrainController
from gui.main_window import MainWindow


class ClosingController(QObject):
    """Answers the window's wish to close.

    Args:
        window: Is closed at last.
        training: Is stopped first.
        let_go: Called in between, when no training is left.

    Signals:
        closing: From now on there is no way back; save what is to be saved.
        closed: The window has gone.
    """

    closing = Signal()
    closed = Signal()

    def __init__(
        self, window: MainWindow, training: TrainController, let_go: Callable[[], None]
    ) -> None:
        super().__init__(window)
        self._window, self._training, self._let_go = window, training, let_go
        self.is_closing = False
        window.close_requested.connect(self._on_close_requested)
        training.shut_down.connect(self._on_training_shut_down)

    def _on_close_requested(self) -> None:
        if self.is_closing:
            return
        if not self._training.is_running:
            self.close_without_asking()
            return
        box = QMessageBox(self._window)
        box.setObjectName("Close while training")
        box.setWindowTitle(self.tr("Close Fieldguide"))
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("A training is under way."))
        box.setInformativeText(
            self.tr("Stop it, keep the best so far and close? It can be resumed later.")
        )
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(self.tr("Go on training"), QMessageBox.ButtonRole.RejectRole)
        stop.clicked.connect(self.close_without_asking)
        box.finished.connect(box.deleteLater)
        box.open()

    def close_without_asking(self) -> None:
        """Stop what goes on and close."""
        self.is_closing = True
        self._window.set_activity("closing", self.tr("Closing"))
        self.closing.emit()
        self._training.shutdown()

    def _on_training_shut_down(self) -> None:
        self._let_go()
        self._window.close_now()
        self.closed.emit()
