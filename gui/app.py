"""Starts the window."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui.fieldguide_window import FieldguideWindow
from gui.garbage import MainThreadGarbageCollector
from gui.settings import Settings
from gui.theme import ThemeSwitch
from resources import resource_path

_SIGNAL_POLL_MS = 300


def run(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed.

    Args:
        argv: Project file, folders, archives or pictures to begin with; none reopens what was
            open last.

    Returns:
        The exit code.
    """
    if not _has_display():
        print(
            "fieldguide: there is no display for the window. Start it in a desktop session, or "
            "use a command: fieldguide --help",
            file=sys.stderr,
        )
        return 1
    app = QApplication([sys.argv[0]])
    set_up_application(app)
    garbage = MainThreadGarbageCollector()
    settings = Settings()
    theme = ThemeSwitch(app, settings.scheme)
    window = FieldguideWindow(settings, theme)
    window.start([Path(argument) for argument in argv])
    timer = _let_signals_through(window)
    code = app.exec()
    timer.stop()
    garbage.stop()
    return code


def _has_display() -> bool:
    """Whether a window can be shown; Qt itself would abort the process."""
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(os.environ.get(name) for name in names)


def set_up_application(app: QApplication) -> None:
    """Name and icon, as the desktop shows them."""
    app.setApplicationName("fieldguide")
    app.setApplicationDisplayName("Fieldguide")
    app.setDesktopFileName("fieldguide")
    app.setWindowIcon(QIcon(str(resource_path("icons", "fieldguide.svg"))))


def _let_signals_through(window: FieldguideWindow) -> QTimer:
    """Ctrl-C in the terminal closes the window in order."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_arguments: window.quit())
    # Python handles signals between its own instructions only, and Qt's loop runs none.
    timer = QTimer()
    timer.timeout.connect(lambda: None)
    timer.start(_SIGNAL_POLL_MS)
    return timer
