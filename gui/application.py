"""Sets up and runs the event loop of every process with a window."""

import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QThreadPool, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui.garbage import MainThreadGarbageCollector
from gui.look.language import install_language
from gui.look.theme import ThemeSwitch
from gui.project.settings import Settings
from gui.running_instance import RunningInstance
from resources import resource_path

_SIGNAL_POLL_MS = 300


def run_application(open_first: Callable[[RunningInstance], object]) -> int:
    """Open a window and stay until the last one is closed.

    Args:
        open_first: Opens it.

    Returns:
        The exit code.
    """
    app = QApplication([sys.argv[0]])
    set_up_application(app)
    garbage = MainThreadGarbageCollector()
    settings = Settings()
    instance = RunningInstance(app, settings, ThemeSwitch(app, settings.scheme))
    open_first(instance)
    timer = _let_signals_through(instance)
    code = app.exec()
    # Qt waits for it too, but after the objects are gone that it reports to.
    QThreadPool.globalInstance().waitForDone()
    timer.stop()
    garbage.stop()
    return code


def set_up_application(app: QApplication) -> None:
    """Set the language, and name and icon for the desktop."""
    install_language(app)
    app.setApplicationName("fieldguide")
    app.setApplicationDisplayName("Fieldguide")
    app.setDesktopFileName("fieldguide")
    app.setWindowIcon(QIcon(str(resource_path("icons", "fieldguide.svg"))))


def _let_signals_through(instance: RunningInstance) -> QTimer:
    """Make Ctrl-C in the terminal close the windows."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_arguments: instance.quit())
    # Python handles signals between its own instructions only, and Qt's loop runs none.
    timer = QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(_SIGNAL_POLL_MS)
    return timer
