"""A thread that carries out an experiment."""

import logging

from PySide6.QtCore import QObject, QThread, Signal

from core.errors import FieldguideError
from core.experiments.runner import ExperimentRunner
from core.text import Text

logger = logging.getLogger(__name__)


class ExperimentThread(QThread):
    """Emit the events of one `ExperimentRunner`; has no logic of its own.

    Args:
        runner: Carries it out.

    Signals:
        event_received: Every `ExperimentEvent`, the end last.
        failed: Why it ended without one, to be shown.
    """

    event_received = Signal(object)
    failed = Signal(object)  # As `str` a `Text` would lose its arguments.

    def __init__(self, runner: ExperimentRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner

    # Qt's own methods.

    def run(self) -> None:
        try:
            for event in self.runner.events():
                self.event_received.emit(event)
        except FieldguideError as error:
            self.failed.emit(error.args[0] if error.args else str(error))
        except Exception as error:
            # Nobody else catches exceptions of a thread.
            logger.exception("An experiment failed")
            self.failed.emit(Text("An unexpected error occurred: %1", str(error)))
